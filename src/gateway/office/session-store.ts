import { and, eq, gt, lte } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../kernel/database.ts'
import { officeSession } from '../tables.ts'
import type { OfficeSession } from './session.ts'

/** Also clears away what expired. */
export async function insertOfficeSession(
  tx: Transaction,
  row: typeof officeSession.$inferInsert,
): Promise<void> {
  await tx.delete(officeSession).where(lte(officeSession.expiresAt, row.lastSeen))
  await tx.insert(officeSession).values(row)
}

/** The session if it is neither over nor idle since `idleSince`; being found is being seen. */
export async function findOfficeSession(
  db: Queryable,
  idHash: string,
  now: Date,
  idleSince: Date,
): Promise<OfficeSession | undefined> {
  const [found] = await db
    .update(officeSession)
    .set({ lastSeen: now })
    .where(
      and(
        eq(officeSession.idHash, idHash),
        gt(officeSession.expiresAt, now),
        gt(officeSession.lastSeen, idleSince),
      ),
    )
    .returning({ handle: officeSession.handle, login: officeSession.login })
  return found
}

export async function deleteOfficeSession(db: Queryable, handle: string): Promise<void> {
  await db.delete(officeSession).where(eq(officeSession.handle, handle))
}
