import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { DeskForm, DeskKind } from '../consent/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { deskEntry } from './tables.ts'

export type DeskEntry = typeof deskEntry.$inferSelect

export async function findEntry(db: Queryable, receipt: string): Promise<DeskEntry | undefined> {
  const [row] = await db.select().from(deskEntry).where(eq(deskEntry.receipt, receipt))
  return row
}

/** The entry, locked until the transaction ends, so that two people check it one after the other. */
export async function lockEntry(tx: Transaction, receipt: string): Promise<DeskEntry | undefined> {
  const [row] = await tx.select().from(deskEntry).where(eq(deskEntry.receipt, receipt)).for('update')
  return row
}

/** False when the receipt number was entered before. */
export async function insertEntry(
  tx: Transaction,
  row: Pick<DeskEntry, 'receipt' | 'localId' | 'form' | 'state' | 'enteredBy' | 'enteredAt' | 'resource'>,
): Promise<boolean> {
  const taken = await tx
    .insert(deskEntry)
    .values(row)
    .onConflictDoNothing()
    .returning({ receipt: deskEntry.receipt })
  return taken.length === 1
}

export async function closeEntry(
  tx: Transaction,
  receipt: string,
  change: Pick<DeskEntry, 'state' | 'checkedBy' | 'checkedAt' | 'resource'>,
): Promise<void> {
  await tx.update(deskEntry).set(change).where(eq(deskEntry.receipt, receipt))
}

/** Turns down what waits of these kinds about the patient; gives the receipt numbers. */
export async function refuseWaiting(
  tx: Transaction,
  localId: string,
  kinds: readonly DeskKind[],
  checkedAt: Date,
): Promise<string[]> {
  const isOfKinds = inArray(sql`${deskEntry.form} ->> 'kind'`, [...kinds])
  const rows = await tx
    .update(deskEntry)
    .set({ state: 'refused', checkedAt })
    .where(and(eq(deskEntry.localId, localId), eq(deskEntry.state, 'waiting'), isOfKinds))
    .returning({ receipt: deskEntry.receipt })
  return rows.map(({ receipt }) => receipt)
}

/** The same of what counts and the hub has not taken yet. */
export async function refuseUnfed(
  tx: Transaction,
  localId: string,
  kinds: readonly DeskKind[],
  checkedAt: Date,
): Promise<string[]> {
  const isOfKinds = inArray(sql`${deskEntry.form} ->> 'kind'`, [...kinds])
  const isUnfed = and(eq(deskEntry.state, 'counted'), isNull(deskEntry.fedAt))
  const rows = await tx
    .update(deskEntry)
    .set({ state: 'refused', resource: null, checkedAt })
    .where(and(eq(deskEntry.localId, localId), isUnfed, isOfKinds))
    .returning({ receipt: deskEntry.receipt })
  return rows.map(({ receipt }) => receipt)
}

export async function markFed(db: Queryable, receipt: string, fedAt: Date): Promise<void> {
  await db.update(deskEntry).set({ fedAt }).where(eq(deskEntry.receipt, receipt))
}

/** What counts here and the hub has not taken yet, in the order in which it was entered, after the first so many. */
export async function unfedReceipts(
  db: Queryable,
  { limit, after }: { limit: number; after: number },
): Promise<string[]> {
  const rows = await db
    .select({ receipt: deskEntry.receipt })
    .from(deskEntry)
    .where(and(eq(deskEntry.state, 'counted'), isNull(deskEntry.fedAt)))
    .orderBy(asc(deskEntry.enteredAt), asc(deskEntry.receipt))
    .limit(limit)
    .offset(after)
  return rows.map(({ receipt }) => receipt)
}

const WAITING_MAX = 200

/** What waits for a second person, the oldest first. */
export async function waitingEntries(db: Queryable): Promise<DeskEntry[]> {
  return db
    .select()
    .from(deskEntry)
    .where(eq(deskEntry.state, 'waiting'))
    .orderBy(asc(deskEntry.enteredAt), asc(deskEntry.receipt))
    .limit(WAITING_MAX)
}

export function countWaiting(db: Queryable): Promise<number> {
  return db.$count(deskEntry, eq(deskEntry.state, 'waiting'))
}

/** What waits for a second person about these patients. */
export async function waitingForms(db: Queryable, localIds: readonly string[]): Promise<DeskForm[]> {
  const rows = await db
    .select({ form: deskEntry.form })
    .from(deskEntry)
    .where(and(eq(deskEntry.state, 'waiting'), inArray(deskEntry.localId, [...localIds])))
  return rows.map(({ form }) => form)
}
