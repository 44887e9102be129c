import { type AuditEntry, recordAudits } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { bumpEpochs } from '../registry/index.ts'
import type { DecidedChange } from './decide-change.ts'
import { deleteHandles } from './handle-store.ts'
import { deleteWaiting, putLinks, putWaiting } from './link-store.ts'
import { type PutRegistration, putRegistrations } from './store.ts'
import { tellLinkChanges } from './tell-link-changes.ts'
import { tellStanding } from './tell-standing.ts'

export interface Keeping {
  /** Registrations as they are from now on, where they are not written yet. */
  puts: readonly PutRegistration[]
  /** What was decided; none of it touches another's people. */
  changes: readonly DecidedChange[]
  /** To be put on record with it. */
  entries: readonly AuditEntry[]
}

/**
 * Writes what was decided, in two journeys to the database: of the statements of one, none needs another to have
 * ended.
 */
export async function keepChanges(
  tx: Transaction,
  { puts, changes, entries }: Keeping,
  at: Date,
): Promise<void> {
  const of = <T>(part: (change: DecidedChange) => readonly T[]) => changes.flatMap(part)
  const made = { persons: of((change) => change.made), changes: of((change) => change.links) }
  await Promise.all([
    putRegistrations(tx, puts),
    putLinks(tx, made, at),
    deleteWaiting(
      tx,
      of((change) => change.resolved),
    ),
    putWaiting(
      tx,
      of((change) => change.waiting),
      at,
    ),
    bumpEpochs(
      tx,
      'person',
      of((change) => change.persons),
    ),
  ])
  const binding = changes.filter(({ isBinding }) => isBinding)
  const bound = {
    persons: [...new Set(binding.flatMap(({ persons }) => persons))],
    changed: binding.map(({ changed }) => changed),
  }
  const moved = of((change) => (change.moved === undefined ? [] : [change.moved]))
  await Promise.all([
    tellLinkChanges(tx, moved, at),
    tellStanding(tx, bound, at),
    // After the epochs: a release that issues a handle holds them, and its handle is seen only when it has ended.
    deleteHandles(
      tx,
      of((change) => change.left),
    ),
    recordAudits(tx, entries),
  ])
}
