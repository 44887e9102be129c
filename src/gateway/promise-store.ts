import { and, count, eq, lt, min } from 'drizzle-orm'
import type { AuditPromise } from '../audit/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { type PromiseKind, type PromiseState, promiseHeld } from './tables.ts'

const CHECKED_AT_ONCE_MAX = 100

/** Keeps a promise of the hub's log, to be looked up after its deadline. False for a leaf promised before. */
export async function holdPromise(
  tx: Transaction,
  { leaf, by }: AuditPromise,
  kind: PromiseKind,
): Promise<boolean> {
  const row = { leaf, by: new Date(by), log: 'hub', kind } as const
  const held = await tx
    .insert(promiseHeld)
    .values(row)
    .onConflictDoNothing()
    .returning({ leaf: promiseHeld.leaf })
  return held.length === 1
}

/** Promises whose deadline was before `at` and that nobody has settled, oldest first. */
export async function promisesDue(db: Queryable, at: Date): Promise<(typeof promiseHeld.$inferSelect)[]> {
  return db
    .select()
    .from(promiseHeld)
    .where(and(eq(promiseHeld.state, 'open'), lt(promiseHeld.by, at)))
    .orderBy(promiseHeld.by)
    .limit(CHECKED_AT_ONCE_MAX)
}

/** False when another process settled it first. */
export async function settlePromise(
  tx: Transaction,
  leaf: string,
  state: Exclude<PromiseState, 'open'>,
  checkedAt: Date,
): Promise<boolean> {
  const settled = await tx
    .update(promiseHeld)
    .set({ state, checkedAt })
    .where(and(eq(promiseHeld.leaf, leaf), eq(promiseHeld.state, 'open')))
    .returning({ leaf: promiseHeld.leaf })
  return settled.length === 1
}

export interface PromiseCounts {
  open: number
  broken: number
  /** The earliest deadline of those open. */
  oldestOpenBy: Date | undefined
}

export async function countPromises(db: Queryable): Promise<PromiseCounts> {
  const rows = await db
    .select({ state: promiseHeld.state, count: count(), oldest: min(promiseHeld.by) })
    .from(promiseHeld)
    .groupBy(promiseHeld.state)
  const of = (state: PromiseState) => rows.find((row) => row.state === state)
  return {
    open: of('open')?.count ?? 0,
    broken: of('broken')?.count ?? 0,
    oldestOpenBy: of('open')?.oldest ?? undefined,
  }
}
