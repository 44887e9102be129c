import { and, eq, lt, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { lookupMiss, viewedPerson } from './tables.ts'

/** Who views, and the day in Japan. */
export interface Viewer {
  region: string
  institution: string
  user: string
  day: string
}

export interface ViewedToday {
  byUser: number
  byInstitution: number
  isAmongThem: boolean
}

/** Whom a viewer and their institution were shown today, by holding region. */
export async function viewedToday(
  db: Queryable,
  { region, institution, user, day }: Viewer,
  personId: string | undefined,
): Promise<(holding: string) => ViewedToday> {
  const rows = await db.execute<{
    holding: string
    byUser: number
    byInstitution: number
    isAmongThem: boolean
  }>(sql`
    select holding,
           count(distinct person_id) filter (where region = ${region} and user_id = ${user})::int as "byUser",
           count(distinct person_id)::int as "byInstitution",
           bool_or(person_id = ${personId ?? ''} and region = ${region} and user_id = ${user}) as "isAmongThem"
      from viewed_person where institution = ${institution} and day = ${day}
     group by holding`)
  const none = { byUser: 0, byInstitution: 0, isAmongThem: false }
  return (holding) => rows.find((row) => row.holding === holding) ?? none
}

/** Counts the person for today; gives the regions by which the institution is shown them for the first time. */
export async function countViews(
  tx: Transaction,
  { region, institution, user, day }: Viewer,
  viewed: { personId: string; holdings: readonly string[]; at: Date },
): Promise<string[]> {
  const { personId, at } = viewed
  const holdings = sql`unnest(${sql.param([...viewed.holdings].sort())}::text[]) as each (holding)`
  const rows = await tx.execute<{ holding: string }>(sql`
    with today as (
      insert into viewed_person (day, holding, institution, region, user_id, person_id)
      select ${day}::date, holding, ${institution}, ${region}, ${user}, ${personId} from ${holdings}
      on conflict do nothing)
    insert into first_view (institution, holding, person_id, viewed_at)
    select ${institution}, holding, ${personId}, ${at.toISOString()}::timestamptz from ${holdings}
    on conflict do nothing returning holding`)
  return rows.map(({ holding }) => holding)
}

/** How often today nobody was found whom the user, or anybody of the institution, described. */
export async function missesToday(
  db: Queryable,
  { region, institution, user, day }: Viewer,
): Promise<{ byUser: number; byInstitution: number }> {
  const [row] = await db
    .select({
      byUser: sql<number>`coalesce(sum(${lookupMiss.misses}) filter (where ${lookupMiss.region} = ${region} and ${lookupMiss.userId} = ${user}), 0)::int`,
      byInstitution: sql<number>`coalesce(sum(${lookupMiss.misses}), 0)::int`,
    })
    .from(lookupMiss)
    .where(and(eq(lookupMiss.institution, institution), eq(lookupMiss.day, day)))
  return row ?? { byUser: 0, byInstitution: 0 }
}

export async function countMiss(tx: Transaction, viewer: Viewer): Promise<void> {
  const { region, institution, user: userId, day } = viewer
  await tx
    .insert(lookupMiss)
    .values({ region, institution, userId, day, misses: 1 })
    .onConflictDoUpdate({
      target: [lookupMiss.institution, lookupMiss.day, lookupMiss.region, lookupMiss.userId],
      set: { misses: sql`${lookupMiss.misses} + 1` },
    })
}

/** What counted against a day's ceilings, of days before `day`. */
export async function forgetViewsBefore(db: Queryable, day: string): Promise<void> {
  await db.delete(viewedPerson).where(lt(viewedPerson.day, day))
  await db.delete(lookupMiss).where(lt(lookupMiss.day, day))
}
