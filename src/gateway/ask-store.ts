import type { AuditPromise } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { promiseHeld } from './tables.ts'

/** Keeps the hub's promise of a leaf about an answer, to be asked for when its time has come. */
export async function holdPromise(tx: Transaction, { leaf, by }: AuditPromise): Promise<void> {
  await tx
    .insert(promiseHeld)
    .values({ leaf, log: 'hub', by: new Date(by), kind: 'answer' })
    .onConflictDoNothing()
}
