import { and, count, eq, isNotNull, isNull, lt, ne } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { receiptSigned } from './tables.ts'

const CHECKED_AT_ONCE_MAX = 100

export type SignedReceipt = typeof receiptSigned.$inferSelect

/** Keeps which receipt was given for which mandate, to be looked for in the hub's log. */
export async function keepReceipt(
  tx: Transaction,
  row: Pick<SignedReceipt, 'digest' | 'requestDigest' | 'mandateDigest' | 'signedAt'>,
): Promise<void> {
  await tx.insert(receiptSigned).values(row)
}

const isOpen = and(
  isNull(receiptSigned.namedAt),
  isNull(receiptSigned.missedAt),
  ne(receiptSigned.mandateDigest, ''),
)

/** Receipts signed before `at` that nobody has found in the hub's log yet, oldest first. */
export async function receiptsDue(db: Queryable, at: Date): Promise<SignedReceipt[]> {
  return db
    .select()
    .from(receiptSigned)
    .where(and(isOpen, lt(receiptSigned.signedAt, at)))
    .orderBy(receiptSigned.signedAt)
    .limit(CHECKED_AT_ONCE_MAX)
}

/** False when another process settled it first. */
export async function settleReceipt(
  tx: Transaction,
  digest: string,
  change: { namedAt: Date } | { missedAt: Date },
): Promise<boolean> {
  const settled = await tx
    .update(receiptSigned)
    .set(change)
    .where(and(eq(receiptSigned.digest, digest), isOpen))
    .returning({ digest: receiptSigned.digest })
  return settled.length === 1
}

/** How many receipts the hub's log never named. */
export async function countMissed(db: Queryable): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(receiptSigned)
    .where(isNotNull(receiptSigned.missedAt))
  return row?.count ?? 0
}
