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

/**
 * Parts of a statement that mark tokens used, no two of them alike: `used` has the places, from 1 on, of those that had not
 * been. In one order for all, so that no two statements wait for each other.
 */
export function consumingEach(typ: TokenType, claims: readonly BaseClaims[]): SQL {
  const exps = claims.map(({ exp }) => new Date(exp * 1000).toISOString())
  return sql`
    token as materialized (
      select * from unnest(${sql.param(claims.map(({ iss }) => iss))}::text[],
                           ${sql.param(claims.map(({ jti }) => jti))}::text[],
                           ${sql.param(exps)}::text[]::timestamptz[])
                      with ordinality as each (iss, jti, exp, place)),
    taken as (
      insert into replay (iss, typ, jti, exp)
      select iss, ${typ}, jti, exp from token order by iss, jti, exp
          on conflict do nothing
      returning iss, jti, exp),
    used as (select place from token join taken using (iss, jti, exp))`
}

/** Marks tokens used, no two of them alike, in the transaction that acts on them; gives those that had not been. */
export async function consumeEach<Claims extends BaseClaims>(
  tx: Transaction,
  typ: TokenType,
  claims: readonly Claims[],
): Promise<Set<Claims>> {
  const rows = await tx.execute<{ place: string }>(
    sql`with ${consumingEach(typ, claims)} select place from used`,
  )
  const places = new Set(rows.map(({ place }) => Number(place)))
  return new Set(claims.filter((_, at) => places.has(at + 1)))
}

/** As if tokens that this transaction marked used had not come: nothing was done by them. */
export async function giveBack(
  tx: Transaction,
  typ: TokenType,
  claims: readonly BaseClaims[],
): Promise<void> {
  if (claims.length === 0) return
  const [isses, jtis] = [claims.map(({ iss }) => iss), claims.map(({ jti }) => jti)]
  const exps = claims.map(({ exp }) => new Date(exp * 1000).toISOString())
  await tx.execute(sql`
    delete from replay
     using unnest(${sql.param(isses)}::text[], ${sql.param(jtis)}::text[], ${sql.param(exps)}::text[]::timestamptz[])
             as back (iss, jti, exp)
     where replay.iss = back.iss and replay.typ = ${typ} and replay.jti = back.jti and replay.exp = back.exp`)
}

const DAYS_AHEAD = 8
const DAY_MS = 86_400_000

/** Makes the coming days' partitions and drops those whose tokens all expired over a day ago. */
export async function keepReplayPartitions(db: Queryable, now: Date): Promise<void> {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  await db.execute(sql`select replay_keep_partitions(${new Date(today - DAY_MS).toISOString()}::timestamptz,
    ${new Date(today + DAYS_AHEAD * DAY_MS).toISOString()}::timestamptz)`)
}
