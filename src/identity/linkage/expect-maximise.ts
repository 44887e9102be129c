import { type LevelCounts, noCounts, type Patterns } from './level-counts.ts'
import type { Field } from './levels.ts'

const ROUNDS = 50
/** So that a level which no pair of the sample has keeps a little: half a pair. */
const SMOOTHING = 0.5

/** By field and level; 0 at a level is that the field says nothing there. */
export type Probabilities = Record<Field, readonly number[]>

/**
 * How pairs of one person stand, among pairs of which some are one person's and some are not: EM with what strangers
 * do (`u`) given. Missing fields say nothing. Returns expected counts, not shares, so that sessions can be put together.
 */
export function expectMaximise(
  patterns: Patterns,
  fields: readonly Field[],
  u: Partial<Probabilities>,
  m: Partial<Probabilities>,
): LevelCounts {
  const all = patterns.all()
  let [current, matches] = [m, 0.5]
  let counts = noCounts()
  for (let round = 0; round < ROUNDS; round++) {
    counts = noCounts()
    let [expected, total] = [0, 0]
    for (const { levels, count } of all) {
      let odds = matches / (1 - matches)
      for (const field of fields) {
        const level = levels[field]
        const [ifSame, ifOther] = [current[field]?.[level] ?? 0, u[field]?.[level] ?? 0]
        if (level !== 0 && ifSame > 0 && ifOther > 0) odds *= ifSame / ifOther
      }
      const same = (count * odds) / (1 + odds)
      for (const field of fields) {
        const into = counts[field]
        into[levels[field]] = (into[levels[field]] as number) + same
      }
      expected += same
      total += count
    }
    matches = Math.min(0.999, Math.max(0.001, expected / Math.max(1, total)))
    current = { ...current, ...sharesOf(counts, fields) }
  }
  return counts
}

/** Of the pairs that have something to compare. */
export function sharesOf(counts: LevelCounts, fields: readonly Field[]): Partial<Probabilities> {
  return Object.fromEntries(
    fields.map((field) => {
      const known = [...counts[field]].map((count, level) => (level === 0 ? 0 : count + SMOOTHING))
      const total = known.reduce((sum, count) => sum + count, 0)
      return [field, known.map((count) => count / total)]
    }),
  )
}
