import { and, eq, gte, lt, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { loginEnd, officeSession, session } from './tables.ts'

/** As long as any login counts, with both clocks' skew. */
const KEPT_MS = 13 * 3_600_000

/** Ends the user's sessions and every login of theirs up to `at`, in seconds. Gives how many sessions were open. */
export async function putLoginEnd(
  tx: Transaction,
  { user, at: seconds }: { user: string; at: number },
  now: Date,
): Promise<number> {
  await lockLogins(tx, user)
  await tx.delete(loginEnd).where(lt(loginEnd.endedAt, new Date(now.getTime() - KEPT_MS)))
  const endedAt = new Date(seconds * 1000)
  await tx
    .insert(loginEnd)
    .values({ user, endedAt })
    .onConflictDoUpdate({
      target: loginEnd.user,
      set: { endedAt: sql`greatest(${loginEnd.endedAt}, excluded.ended_at)` },
    })
  const closed = []
  for (const table of [session, officeSession])
    closed.push(
      ...(await tx
        .delete(table)
        .where(eq(sql`${table.login} ->> 'user'`, user))
        .returning({ idHash: table.idHash })),
    )
  return closed.length
}

/** Whether the user proved who they are, in seconds, no later than their logins were ended. */
export async function isLoginEnded(db: Queryable, user: string, authenticatedAt: number): Promise<boolean> {
  const proved = new Date(authenticatedAt * 1000)
  return (await db.$count(loginEnd, and(eq(loginEnd.user, user), gte(loginEnd.endedAt, proved)))) > 0
}

const NAMESPACE = 0x6c6f_6769

/** Until this transaction ends no session of the user begins, and none of their logins is ended. */
export async function lockLogins(tx: Transaction, user: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${NAMESPACE}, hashtext(${user}))`)
}
