import type { Transaction } from '../kernel/database.ts'
import { type Change, type DecidedChange, decideChange } from './decide-change.ts'
import { keepChanges } from './keep-changes.ts'
import { type IndexReader, openReader } from './read-index.ts'
import { lockBirthDates } from './store.ts'

/**
 * Decides anew who is one person around a registration that changed or went, and keeps it. The caller holds the locks
 * of their birth dates.
 */
export async function relink(tx: Transaction, change: Change): Promise<DecidedChange> {
  const decided = await decideChange(openReader(tx), change, (days) => lockAndRead(tx, days))
  await keepChanges(tx, { puts: [], changes: [decided], entries: [] }, change.at)
  return decided
}

/** What was read before the lock was given may be so no longer. */
export async function lockAndRead(tx: Transaction, days: readonly string[]): Promise<IndexReader> {
  await lockBirthDates(tx, days)
  return openReader(tx)
}
