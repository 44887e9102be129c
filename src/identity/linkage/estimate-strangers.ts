import { canonicalOrder } from './canonical-order.ts'
import type { Columns } from './columns.ts'
import { compareAt } from './compare.ts'
import { type Probabilities, sharesOf } from './expect-maximise.ts'
import { countLevels, knownIn, noCounts } from './level-counts.ts'
import { emptyComparison, FIELDS, type Field, LEVELS } from './levels.ts'
import { randomNumbers } from './random.ts'

/** What families share. The more people there are, the seldomer two of them are of one family. */
const OF_FAMILIES: Partial<Record<Field, readonly string[]>> = {
  insured: ['person', 'household', 'otherBranch', 'loose', 'filler'],
  address: ['room', 'lot'],
  mobile: ['equal'],
  landline: ['equal'],
  care: ['equal'],
  payer: ['equal'],
  email: ['equal'],
}

export interface StrangersOptions {
  seed: number
  randomPairs: number
  /** Part that the columns are of all registrations that the model is for. */
  share: number
}

/** How often two different people stand at each level: u. Pairs that are linked are left out. */
export function ofStrangers(
  columns: Columns,
  cluster: Uint32Array,
  { seed, randomPairs, share }: StrangersOptions,
): Partial<Probabilities> {
  const counts = noCounts()
  const levels = emptyComparison()
  const order = canonicalOrder(columns)
  const next = randomNumbers(seed)
  for (let pair = 0; pair < randomPairs; pair++) {
    const [a, b] = [order[next(columns.count)] as number, order[next(columns.count)] as number]
    if (cluster[a] === cluster[b]) continue
    compareAt(columns, a, b, levels)
    countLevels(levels, counts)
  }
  const fields = FIELDS.filter((field) => knownIn(counts, field) > 0)
  for (const field of fields) {
    for (const name of OF_FAMILIES[field] ?? []) {
      const at = (LEVELS[field] as readonly string[]).indexOf(name)
      counts[field][at] = (counts[field][at] as number) * share
    }
  }
  return sharesOf(counts, fields)
}
