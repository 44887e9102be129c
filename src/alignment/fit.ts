import { judgeText } from './judge.ts'
import type { Level } from './verdict.ts'

/** How far a record fits the national set, as a mark beside it says. */
export interface Fit {
  level: Level
  /** The maps and rules by which it would be converted, each once. */
  maps: readonly string[]
  /** How many different rules it breaks, where it is nonconformant. */
  broken: number
}

/** Never throws for what a source sent. Only the project's own maps are known here, not those a region uploaded. */
export function fitOf(text: string): Fit | undefined {
  const [verdict] = typeof text === 'string' ? judgeText(text) : []
  if (verdict === undefined) return undefined
  const { level, added, issues } = verdict
  const broken = level === 'nonconformant' ? new Set(issues.map(({ rule }) => rule)).size : 0
  return { level, maps: [...new Set(added.map(({ by }) => by))], broken }
}
