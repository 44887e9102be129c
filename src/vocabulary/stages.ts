/** How far a region has come (接続段階), in order; `suspended` and `left` stand outside the order. */
export const STAGES = [
  'registered',
  'connected',
  'feeding',
  'answering',
  'asking',
  'suspended',
  'left',
] as const
export type Stage = (typeof STAGES)[number]

const ORDER: Record<Stage, number> = {
  registered: 0,
  connected: 1,
  feeding: 2,
  answering: 3,
  asking: 4,
  suspended: -1,
  left: -1,
}

/** Whether a region at `stage` may do what `needed` allows. */
export function hasReached(stage: Stage, needed: 'connected' | 'feeding' | 'answering' | 'asking'): boolean {
  return ORDER[stage] >= ORDER[needed]
}
