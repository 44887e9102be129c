import { type Comparison, FIELDS, type Field, LEVELS } from './levels.ts'

/** How many pairs stood at each level of each field. */
export type LevelCounts = Record<Field, Float64Array>

export function noCounts(): LevelCounts {
  return Object.fromEntries(
    FIELDS.map((field) => [field, new Float64Array(LEVELS[field].length)]),
  ) as LevelCounts
}

export function countLevels(levels: Comparison, into: LevelCounts): void {
  for (const field of FIELDS) {
    const counts = into[field]
    counts[levels[field]] = (counts[levels[field]] as number) + 1
  }
}

export function addCounts(counts: LevelCounts, into: LevelCounts): void {
  for (const field of FIELDS) {
    for (const [level, count] of counts[field].entries()) {
      into[field][level] = (into[field][level] as number) + count
    }
  }
}

/** Pairs in which the field could be compared. */
export function knownIn(counts: LevelCounts, field: Field): number {
  return counts[field].reduce((sum, count) => sum + count, 0) - (counts[field][0] as number)
}

/** Distinct vectors of levels and how many pairs have each: what EM runs on, however many pairs there are. */
export interface Patterns {
  add(levels: Comparison): void
  /** In an order that depends on nothing but what was added. */
  all(): { levels: Record<Field, number>; count: number }[]
}

export function patternsOf(fields: readonly Field[]): Patterns {
  const counts = new Map<number, number>()
  return {
    add(levels) {
      let key = 0
      for (const field of fields) key = key * LEVELS[field].length + levels[field]
      counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    all: () =>
      [...counts].sort(([a], [b]) => a - b).map(([key, count]) => ({ levels: unpacked(key, fields), count })),
  }
}

function unpacked(key: number, fields: readonly Field[]): Record<Field, number> {
  const levels = Object.fromEntries(FIELDS.map((field) => [field, 0])) as Record<Field, number>
  let rest = key
  for (const field of [...fields].reverse()) {
    levels[field] = rest % LEVELS[field].length
    rest = Math.floor(rest / LEVELS[field].length)
  }
  return levels
}
