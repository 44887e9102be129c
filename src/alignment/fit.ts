import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AlignedSource } from './aligned.ts'
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

export function withFits(source: AlignedSource): AlignedSource {
  return { ...source, resources: source.resources.map((each) => ({ ...each, fit: fitOf(each.text) })) }
}

/** Judging this much takes a few milliseconds. */
const PORTION_CHARACTERS = 32 * 1024

/** The same in portions, between which others have their turn. */
export async function withFitsInTurns(sources: readonly AlignedSource[]): Promise<AlignedSource[]> {
  const fitted: AlignedSource[] = []
  let characters = 0
  for (const source of sources) {
    const resources = []
    for (const each of source.resources) {
      resources.push({ ...each, fit: fitOf(each.text) })
      characters += each.text.length
      if (characters < PORTION_CHARACTERS) continue
      characters = 0
      await nextTurn()
    }
    fitted.push({ ...source, resources })
  }
  return fitted
}
