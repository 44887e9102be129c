import { type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { replay } from './tables.ts'
import type { BaseClaims, TokenType } from './token.ts'

/**
 * Marks the token used, in the transaction that acts on it; false when it was used before, by any process.
 * Call it only after the signature held, so that nobody can burn another's ids.
 */
export async function consumeOnce(
  tx: Transaction,
  typ: TokenType | 'login+jwt' | 'logout+jwt',
  claims: BaseClaims,
): Promise<boolean> {
  const row = { iss: claims.iss, typ, jti: claims.jti, exp: new Date(claims.exp * 1000) }
  const taken = await tx.insert(replay).values(row).onConflictDoNothing().returning({ jti: replay.jti })
  return taken.length === 1
}

/** Part of a statement that marks the token used, and gives a row only where it had not been. */
export function consumingOnce(typ: TokenType, claims: BaseClaims): SQL {
  const exp = new Date(claims.exp * 1000).toISOString()
  return sql`
    insert into replay (iss, typ, jti, exp) values (${claims.iss}, ${typ}, ${claims.jti}, ${exp}::timestamptz)
        on conflict do nothing
    returning jti`
}

const DAYS_AHEAD = 8
const DAY_MS = 86_400_000

/** Makes the coming days' partitions and drops those whose tokens all expired over a day ago. */
export async function keepReplayPartitions(db: Queryable, now: Date): Promise<void> {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  await db.execute(sql`select replay_keep_partitions(${new Date(today - DAY_MS).toISOString()}::timestamptz,
    ${new Date(today + DAYS_AHEAD * DAY_MS).toISOString()}::timestamptz)`)
}
