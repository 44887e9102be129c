import type { Transaction } from '../kernel/database.ts'
import { bumpEpoch } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'

const MOVES_MAX = 3

/**
 * Raises the epoch of the person that `find` finds, and says who that is; undefined where nobody is found. Finds again
 * once the epoch row is ours: a link decided in between would leave the person who now holds the registration
 * unwarned, and a release could pass a withdrawal. Holding the row, changes to one person also come one after another.
 */
export async function raiseEpochOfAny(
  tx: Transaction,
  find: () => Promise<string | undefined>,
): Promise<string | undefined> {
  let person = await find()
  for (let moves = 0; person !== undefined && moves < MOVES_MAX; moves += 1) {
    await bumpEpoch(tx, 'person', person)
    const found = await find()
    if (found === person) return person
    person = found
  }
  if (person !== undefined) throw refuse('unavailable')
  return undefined
}

/** The same where there has to be somebody. */
export async function raisePersonEpoch(
  tx: Transaction,
  find: () => Promise<string | undefined>,
): Promise<string> {
  const person = await raiseEpochOfAny(tx, find)
  if (person === undefined) throw refuse('patient-unknown')
  return person
}
