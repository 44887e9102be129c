import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import type { Session } from './session.ts'
import { session } from './tables.ts'

const shown = { patientHandle: session.patientHandle, login: session.login, opened: session.opened }

/** Also clears away what expired, so that nothing about a patient outlives its session for long. */
export async function insertSession(tx: Transaction, row: typeof session.$inferInsert): Promise<void> {
  await tx.delete(session).where(lte(session.expiresAt, row.lastSeen))
  await tx.insert(session).values(row)
}

/** The session if it is neither over nor idle since `idleSince`; being found is being seen. */
export async function findSession(
  db: Queryable,
  idHash: string,
  now: Date,
  idleSince: Date,
): Promise<Session | undefined> {
  const [found] = await db
    .update(session)
    .set({ lastSeen: now })
    .where(and(eq(session.idHash, idHash), gt(session.expiresAt, now), gt(session.lastSeen, idleSince)))
    .returning(shown)
  return found
}

export async function putOpened(
  db: Queryable,
  patientHandle: string,
  opened: Session['opened'],
): Promise<void> {
  await db.update(session).set({ opened }).where(eq(session.patientHandle, patientHandle))
}

/** Never lengthens it. */
export async function shortenSession(db: Queryable, patientHandle: string, expiresAt: Date): Promise<void> {
  await db
    .update(session)
    .set({ expiresAt })
    .where(and(eq(session.patientHandle, patientHandle), gt(session.expiresAt, expiresAt)))
}

export async function deleteSession(db: Queryable, patientHandle: string): Promise<void> {
  await db.delete(session).where(eq(session.patientHandle, patientHandle))
}

/** What the same user's other session shows. */
export async function openedUnder(
  db: Queryable,
  patientHandle: string,
  user: string,
): Promise<Session['opened'] | undefined> {
  const [found] = await db
    .select({ opened: session.opened })
    .from(session)
    .where(and(eq(session.patientHandle, patientHandle), eq(sql`${session.login} ->> 'user'`, user)))
  return found?.opened
}
