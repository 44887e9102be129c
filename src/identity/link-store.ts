import { and, eq, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { epochOf } from '../registry/index.ts'
import { type Explanation, explainPairs } from './explain-link.ts'
import type { Holding } from './keep-persons.ts'
import type { LinkVeto } from './linkage/index.ts'
import { type FormerRow, formersOf } from './merge-store.ts'
import { type PatientId, patientIdOf, refOf } from './patient-id.ts'
import { isAnyOf, isPatient, type PatientColumns } from './patient-store.ts'
import type { RegistrationRow } from './store.ts'
import { link, linkEvent, possibleLink, registration } from './tables.ts'

export type LinkRow = typeof link.$inferSelect

const endA: PatientColumns = { region: possibleLink.regionA, localId: possibleLink.localIdA }
const endB: PatientColumns = { region: possibleLink.regionB, localId: possibleLink.localIdB }

export async function findLink(db: Queryable, id: PatientId): Promise<LinkRow | undefined> {
  const [row] = await db.select().from(link).where(isPatient(link, id))
  return row
}

/** What is held now: a registration's person, when that person was first known, and the rule. */
export interface Held extends Holding {
  rule: LinkRow['rule']
}

/** Every link of the persons whom the registrations belong to. */
export async function findHoldings(db: Queryable, refs: readonly string[]): Promise<Held[]> {
  if (refs.length === 0) return []
  const rows = await db.execute<HeldRow>(sql`
    select link.region, link.local_id as "localId", link.person, link.rule, person.created_at as since
      from link join person on person.id = link.person
     where link.person in (select link.person from link where ${isAnyOf(link, refs)})`)
  return rows.map(({ person, rule, since, ...id }) => ({
    ...{ ref: refOf(id), person, rule, since: new Date(since) },
  }))
}

type HeldRow = Record<'region' | 'localId' | 'person' | 'since', string> & { rule: LinkRow['rule'] }

/** What queries need of a registration; not its text. */
export type MemberRow = Pick<
  RegistrationRow,
  'region' | 'localId' | 'createdAt' | 'birthDate' | 'sex' | 'isProtected'
> & { person: string; epoch: string | null; deceasedOn: string | null; formers: FormerRow[] | null }

/** The registrations of a person, in an order that does not change, with the person's epoch: all of one moment. */
export async function findMembers(db: Queryable, by: string | PatientId): Promise<MemberRow[]> {
  const { region, localId, createdAt, birthDate, sex, isProtected } = registration
  const own = alias(link, 'own')
  const named = db.select({ person: own.person }).from(own)
  const members = db
    .select({
      ...{ person: link.person, epoch: epochOf('person', link.person) },
      ...{ region, localId, createdAt, birthDate, sex, isProtected },
      deceasedOn: sql<
        string | null
      >`coalesce(${registration.features} ->> 'deceasedOn', ${registration.features} ->> 'deathFrom')`,
      formers: formersOf(registration),
    })
    .from(link)
    .innerJoin(
      registration,
      and(eq(registration.region, link.region), eq(registration.localId, link.localId)),
    )
  return members
    .where(eq(link.person, typeof by === 'string' ? by : named.where(isPatient(own, by))))
    .orderBy(registration.region, registration.localId)
}

/** An id that was asked about, as often as it has others. */
export interface DuplicateRow {
  /** The place of the id asked about, from 1 on. */
  asked: number
  /** Another id of the same person in the same region. */
  other: string | null
  isLinked: boolean
  /** Of one that is not linked: whether it was merged. */
  isMerged: boolean | null
}

/** Other ids of the same persons in the same regions. */
export function ownDuplicates(ids: readonly PatientId[]): SQL<DuplicateRow> {
  return sql<DuplicateRow>`
    select asked.place::int as asked, other.local_id as other, own.person is not null as "isLinked",
           case when own.person is null then exists (
             select from registration
              where registration.region = asked.region and registration.local_id = asked.local_id
                and replaced_by is not null) end as "isMerged"
      from unnest(${sql.param(ids.map(({ region }) => region))}::text[],
                  ${sql.param(ids.map(({ localId }) => localId))}::text[])
             with ordinality as asked (region, local_id, place)
      left join link own on own.region = asked.region and own.local_id = asked.local_id
      left join link other
        on other.person = own.person and other.region = own.region and other.local_id <> own.local_id
     order by other.local_id`
}

/** A registration that comes to a person, or whose rule changed. */
export interface LinkChange extends PatientId {
  before: string | null
  person: string
  rule: LinkRow['rule']
  explanation: Explanation
}

/** New persons, links, and the events that say why, in one statement: it is what most feeds wait for. */
export async function putLinks(
  tx: Transaction,
  { persons, changes }: { persons: readonly string[]; changes: readonly LinkChange[] },
  at: Date,
): Promise<void> {
  if (changes.length === 0) return
  const rows = changes.map(({ region, localId, before, person: after, rule, explanation }) => ({
    ...{ region, local_id: localId, before, after, rule, explanation },
  }))
  const moment = sql`${at.toISOString()}::timestamptz`
  await tx.execute(sql`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        region text, local_id text, before text, after text, rule text, explanation json)),
    made as (
      insert into person (id, created_at)
      select id, ${moment} from json_array_elements_text(${JSON.stringify(persons)}::json) as fresh (id)),
    told as (
      insert into link_event (region, local_id, before, after, rule, explanation, at)
      select region, local_id, before, after, rule, explanation, ${moment} from given)
    insert into link (region, local_id, person, rule, decided_at)
    select region, local_id, after, rule, ${moment} from given
        on conflict (region, local_id)
        do update set person = excluded.person, rule = excluded.rule, decided_at = excluded.decided_at`)
}

export async function endLink(tx: Transaction, row: LinkRow, at: Date): Promise<void> {
  const { region, localId, person: before } = row
  await tx.delete(link).where(isPatient(link, row))
  await tx.insert(linkEvent).values({ region, localId, before, explanation: explainPairs([]), at })
}

/** When each of a region's ids last ceased to belong to anybody; not those that do, or never did. */
export async function findEnds(
  db: Queryable,
  region: string,
  localIds: readonly string[],
): Promise<Map<string, Date>> {
  if (localIds.length === 0) return new Map()
  const rows = await db.execute<{ localId: string; after: string | null; at: string }>(sql`
    select distinct on (local_id) local_id as "localId", after, at
      from link_event
     where local_id = any(${sql.param(localIds)}::text[]) and region = ${region}
     order by local_id, id desc`)
  return new Map(rows.flatMap(({ localId, after, at }) => (after === null ? [[localId, new Date(at)]] : [])))
}

/** When two registrations first belonged to one person, before `until`; undefined when they never did. */
export async function findFirstLinkTogether(
  db: Queryable,
  a: string,
  b: string,
  until: Date,
): Promise<Date | undefined> {
  const [left, right] = [patientIdOf(a), patientIdOf(b)]
  const rows = await db.execute<{ at: string | null }>(sql`
    select min(greatest(one.at, other.at)) as at
      from link_event one
      join link_event other on other.after = one.after
     where one.local_id = ${left.localId} and one.region = ${left.region}
       and other.local_id = ${right.localId} and other.region = ${right.region}
       and greatest(one.at, other.at) <= ${until.toISOString()}::timestamptz`)
  const at = rows[0]?.at
  return at == null ? undefined : new Date(at)
}

/** A pair that waits for a person, by the names of its ends as PostgreSQL orders them. */
export interface WaitingRow {
  a: string
  b: string
}

/** Pairs with one of these at an end. */
export async function findWaiting(db: Queryable, refs: readonly string[]): Promise<WaitingRow[]> {
  if (refs.length === 0) return []
  // Each end alone: of an OR over both the planner reads the whole queue.
  const waiting = (end: PatientColumns) => sql`
    select region_a as "regionA", local_id_a as "localIdA", region_b as "regionB", local_id_b as "localIdB"
      from possible_link where ${isAnyOf(end, refs)}`
  const rows = await db.execute<PairIds>(sql`${waiting(endA)} union ${waiting(endB)}`)
  return rows.map((row) => ({
    a: refOf({ region: row.regionA, localId: row.localIdA }),
    b: refOf({ region: row.regionB, localId: row.localIdB }),
  }))
}

type PairIds = Record<'regionA' | 'localIdA' | 'regionB' | 'localIdB', string>

/** A pair that is to wait, in whose item of the queue it stands if it is new there. */
export interface WaitingPair extends WaitingRow {
  item: 'a' | 'b'
  rule: LinkRow['rule']
  vetoes: LinkVeto[]
  explanation: Explanation
}

export async function deleteWaiting(tx: Transaction, gone: readonly WaitingRow[]): Promise<void> {
  if (gone.length === 0) return
  const [a, b] = [gone.map((pair) => patientIdOf(pair.a)), gone.map((pair) => patientIdOf(pair.b))]
  const texts = (values: readonly string[]) => sql`${sql.param(values)}::text[]`
  await tx.execute(sql`
    delete from possible_link
     where (region_a, local_id_a, region_b, local_id_b) in (
       select * from unnest(${texts(a.map(({ region }) => region))}, ${texts(a.map(({ localId }) => localId))},
                            ${texts(b.map(({ region }) => region))}, ${texts(b.map(({ localId }) => localId))}))`)
}

/** Who waits already goes on waiting since then, in the same item. */
export async function putWaiting(tx: Transaction, pairs: readonly WaitingPair[], at: Date): Promise<void> {
  if (pairs.length === 0) return
  const rows = pairs.map(({ a, b, ...pair }) => {
    const [idA, idB] = [patientIdOf(a), patientIdOf(b)]
    const ends = { regionA: idA.region, localIdA: idA.localId, regionB: idB.region, localIdB: idB.localId }
    return { ...ends, ...pair, since: at }
  })
  const { regionA, localIdA, regionB, localIdB } = possibleLink
  await tx
    .insert(possibleLink)
    .values(rows)
    .onConflictDoUpdate({
      target: [regionA, localIdA, regionB, localIdB],
      set: {
        rule: sql`excluded.rule`,
        vetoes: sql`excluded.vetoes`,
        explanation: sql`excluded.explanation`,
      },
    })
}
