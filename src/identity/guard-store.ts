import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { feedAllowance, feedChange } from './review-tables.ts'
import { registration } from './tables.ts'

/** A region's changes of one hour lie in so many rows, so that its feeds seldom wait for each other. */
const STRIPES = 16

/** Counts changes, and says how many there were since `from` and how many more an operator allows now. */
export async function countChanges(
  tx: Transaction,
  region: string,
  changes: number,
  period: { from: Date; at: Date },
): Promise<{ counted: number; allowed: number }> {
  const [from, at] = [period.from.toISOString(), period.at.toISOString()]
  const stripe = Math.floor(Math.random() * STRIPES)
  const rows = await tx.execute<{ counted: string; allowed: string }>(sql`
    with counting as (
      insert into feed_change (region, hour, stripe, changes)
      values (${region}, date_trunc('hour', ${at}::timestamptz), ${stripe}, ${changes})
          on conflict (region, hour, stripe) do update set changes = feed_change.changes + excluded.changes)
    select (select coalesce(sum(changes), 0) from feed_change
             where region = ${region} and hour > ${from}::timestamptz) as counted,
           (select coalesce(sum(changes), 0) from feed_allowance
             where region = ${region} and at <= ${at}::timestamptz and until > ${at}::timestamptz) as allowed`)
  return { counted: Number(rows[0]?.counted) + changes, allowed: Number(rows[0]?.allowed) }
}

export async function countRegistrations(db: Queryable, region: string): Promise<number> {
  return db.$count(registration, eq(registration.region, region))
}

export async function changesSince(db: Queryable, region: string, from: Date): Promise<number> {
  const [row] = await db
    .select({ counted: sql<string>`coalesce(sum(${feedChange.changes}), 0)` })
    .from(feedChange)
    .where(and(eq(feedChange.region, region), gt(feedChange.hour, from)))
  return Number(row?.counted)
}

export async function allowedAt(db: Queryable, region: string, at: Date): Promise<number> {
  const [row] = await db
    .select({ allowed: sql<string>`coalesce(sum(${feedAllowance.changes}), 0)` })
    .from(feedAllowance)
    .where(and(eq(feedAllowance.region, region), lte(feedAllowance.at, at), gt(feedAllowance.until, at)))
  return Number(row?.allowed)
}

export async function insertAllowance(
  tx: Transaction,
  row: typeof feedAllowance.$inferInsert,
): Promise<void> {
  await tx.insert(feedAllowance).values(row)
}
