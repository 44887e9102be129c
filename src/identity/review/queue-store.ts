import { and, eq, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../kernel/database.ts'
import type { Explanation } from '../explain-link.ts'
import type { LinkRule, LinkVeto } from '../linkage/index.ts'
import { type PatientId, refOf } from '../patient-id.ts'
import { isPatient } from '../patient-store.ts'
import { type ProposedSettlement, reviewItem } from '../review-tables.ts'
import type { Clerk } from './decide-persons.ts'

export type ItemState = (typeof reviewItem.$inferSelect)['state']

/** One of the registrations that an item's own one may be the same as. */
export interface Waiting {
  ref: string
  /** Of its registration, and of its person. */
  version: number
  person: string | null
  source: string
  rule: LinkRule | null
  vetoes: LinkVeto[]
  explanation: Explanation
  since: Date
  /** 支援措置, here or by another registration of the same resident. */
  isProtected: boolean
}

type WaitingRow = Omit<Waiting, 'ref' | 'since'> & PatientId & { since: string }

/**
 * The pairs of one registration, as its region sees them: where both ends are the region's own, a pair stands in the
 * item of one end alone.
 */
export async function findWaiting(db: Queryable, { region, localId }: PatientId): Promise<Waiting[]> {
  const rows = await db.execute<WaitingRow & Record<string, unknown>>(sql`
    with pair as (
      select region_b as region, local_id_b as local_id, rule, vetoes, explanation, since
        from possible_link
       where region_a = ${region} and local_id_a = ${localId} and (region_b <> ${region} or item = 'a')
      union all
      select region_a, local_id_a, rule, vetoes, explanation, since
        from possible_link
       where region_b = ${region} and local_id_b = ${localId} and (region_a <> ${region} or item = 'b'))
    select pair.region, pair.local_id as "localId", pair.rule, pair.vetoes, pair.explanation, pair.since,
           registration.version, registration.source, link.person,
           registration.is_protected or coalesce(told.protected, false) as "isProtected"
      from pair
      join registration on registration.region = pair.region and registration.local_id = pair.local_id
      left join link on link.region = pair.region and link.local_id = pair.local_id
      left join standing_told told on told.region = pair.region and told.local_id = pair.local_id
     order by (pair.explanation -> 'pairs' -> 0 ->> 'posterior')::float desc, pair.region, pair.local_id`)
  return rows.map(({ since, ...row }) => ({ ...row, ref: refOf(row), since: new Date(since) }))
}

export interface ListedItem {
  localId: string
  since: Date
  candidates: number
  reasons: string[]
  state: ItemState
  consents: number
  queries: number
  claimedClerk: string | null
  claimedUntil: Date | null
}

/** Which end of a pair is the item, for a region. */
const ownEnd = (region: string) => sql`
  case when region_a = ${region} and (region_b <> ${region} or item = 'a') then local_id_a else local_id_b end`

/** The items of a region: who is needed most comes first, then who waits longest; what waits for others comes last. */
export async function listWaiting(
  db: Queryable,
  region: string,
  asked: { state?: ItemState | undefined; reason?: string | undefined; limit: number },
): Promise<ListedItem[]> {
  const rows = await db.execute<Record<string, unknown>>(sql`
    with item as (
      select ${ownEnd(region)} as local_id, min(since) as since, count(*)::int as candidates,
             array_agg(distinct reason order by reason) as reasons
        from possible_link, unnest(vetoes) as reason
       where region_a = ${region} or region_b = ${region}
       group by 1)
    select item.local_id as "localId", item.since, item.candidates, item.reasons,
           coalesce(known.state, 'open') as state,
           coalesce(known.consents, 0) as consents, coalesce(known.queries, 0) as queries,
           known.claimed_clerk as "claimedClerk", known.claimed_until as "claimedUntil"
      from item
      left join review_item known on known.region = ${region} and known.local_id = item.local_id
     where coalesce(known.state, 'open') = coalesce(${asked.state ?? null}::text, coalesce(known.state, 'open'))
       and (${asked.reason ?? null}::text is null or ${asked.reason ?? null}::text = any(item.reasons))
     order by coalesce(known.state, 'open') in ('unsure', 'asked'),
              coalesce(known.consents + known.queries, 0) desc, item.since, item.local_id
     limit ${asked.limit}`)
  return rows.map((row) => ({
    ...(row as unknown as ListedItem),
    since: new Date(row.since as string),
    claimedUntil: row.claimedUntil === null ? null : new Date(row.claimedUntil as string),
  }))
}

/** How many items wait for each reason, by how long; of one region or of all. */
export async function countWaiting(
  db: Queryable,
  region: string | null,
  at: Date,
): Promise<{ reason: string; day: number; week: number; month: number; older: number }[]> {
  const now = at.toISOString()
  const rows = await db.execute<{
    reason: string
    day: number
    week: number
    month: number
    older: number
  }>(sql`
    with aged as (
      select reason, region_a, local_id_a, region_b, local_id_b, item, ${now}::timestamptz - since as age
        from possible_link, unnest(vetoes) as reason
       where ${region}::text is null or region_a = ${region} or region_b = ${region}),
    item as (
      select reason, max(age) as age
        from aged
       group by reason,
                case when item = 'a' then region_a else region_b end,
                case when item = 'a' then local_id_a else local_id_b end)
    select reason,
           count(*) filter (where age <= interval '1 day')::int as day,
           count(*) filter (where age > interval '1 day' and age <= interval '7 days')::int as week,
           count(*) filter (where age > interval '7 days' and age <= interval '30 days')::int as month,
           count(*) filter (where age > interval '30 days')::int as older
      from item group by reason order by reason`)
  return [...rows]
}

export async function findItem(
  db: Queryable,
  id: PatientId,
): Promise<typeof reviewItem.$inferSelect | undefined> {
  const [row] = await db.select().from(reviewItem).where(isPatient(reviewItem, id))
  return row
}

/** Takes the item for a clerk unless somebody else holds it; says whether they have it now. */
export async function claimItem(
  tx: Transaction,
  id: PatientId,
  by: Clerk,
  period: { at: Date; until: Date },
): Promise<boolean> {
  const claim = { claimedRegion: by.region, claimedClerk: by.clerk, claimedUntil: period.until }
  const rows = await tx
    .insert(reviewItem)
    .values({ ...id, ...claim, changedAt: period.at })
    .onConflictDoUpdate({
      target: [reviewItem.region, reviewItem.localId],
      set: { ...claim, changedAt: period.at },
      setWhere: sql`${reviewItem.claimedUntil} is null or ${reviewItem.claimedUntil} <= ${period.at.toISOString()}
        or (${reviewItem.claimedRegion} = ${by.region} and ${reviewItem.claimedClerk} = ${by.clerk})`,
    })
    .returning({ region: reviewItem.region })
  return rows.length > 0
}

/** Gives back what the clerk holds; nothing where somebody else does. */
export async function releaseItem(tx: Transaction, id: PatientId, by: Clerk, at: Date): Promise<void> {
  await tx
    .update(reviewItem)
    .set({ claimedRegion: null, claimedClerk: null, claimedUntil: null, changedAt: at })
    .where(
      and(
        isPatient(reviewItem, id),
        eq(reviewItem.claimedRegion, by.region),
        eq(reviewItem.claimedClerk, by.clerk),
      ),
    )
}

/** Where the item stands from now on; nobody holds it any more. */
export async function putItemState(
  tx: Transaction,
  id: PatientId,
  state: { state: ItemState; proposed?: ProposedSettlement },
  at: Date,
): Promise<void> {
  const set = {
    ...{ state: state.state, proposed: state.proposed ?? null, changedAt: at },
    ...{ claimedRegion: null, claimedClerk: null, claimedUntil: null },
  }
  await tx
    .insert(reviewItem)
    .values({ ...id, ...set })
    .onConflictDoUpdate({ target: [reviewItem.region, reviewItem.localId], set })
}

/** Notes that somebody needs to know who these are. Those of whom nothing is doubted are not kept. */
export async function noteNeed(
  tx: Transaction,
  ids: readonly PatientId[],
  need: 'consents' | 'queries',
  at: Date,
): Promise<void> {
  if (ids.length === 0) return
  const named = sql.join(
    ids.map(({ region, localId }) => sql`(${region}::text, ${localId}::text)`),
    sql`, `,
  )
  const column = sql.identifier(need)
  await tx.execute(sql`
    insert into review_item (region, local_id, ${column}, changed_at)
    select named.region, named.local_id, 1, ${at.toISOString()}::timestamptz
      from (values ${named}) as named (region, local_id)
     where exists (select from possible_link where region_a = named.region and local_id_a = named.local_id)
        or exists (select from possible_link where region_b = named.region and local_id_b = named.local_id)
        on conflict (region, local_id) do update set ${column} = review_item.${column} + 1`)
}
