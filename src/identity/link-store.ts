import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { epochOf } from '../registry/index.ts'
import { type Explanation, explainPairs } from './explain-link.ts'
import type { Holding } from './keep-persons.ts'
import type { PossibleLink } from './linkage/index.ts'
import { type FormerRow, formersOf } from './merge-store.ts'
import { inOrder, type PatientId, patientIdOf, refOf } from './patient-id.ts'
import { isAnyOf, isPatient, type PatientColumns } from './patient-store.ts'
import type { RegistrationRow } from './store.ts'
import { link, linkEvent, person, possibleLink, registration } from './tables.ts'

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
  const persons = db.select({ person: link.person }).from(link).where(isAnyOf(link, refs))
  const rows = await db
    .select({ link, since: person.createdAt })
    .from(link)
    .innerJoin(person, eq(person.id, link.person))
    .where(inArray(link.person, persons))
  return rows.map((row) => ({
    ref: refOf(row.link),
    person: row.link.person,
    rule: row.link.rule,
    since: row.since,
  }))
}

/** What queries need of a registration; not its text. */
export type MemberRow = Omit<
  RegistrationRow,
  'source' | 'features' | 'norm' | 'version' | 'isActive' | 'replacedBy' | 'updatedAt'
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
      deceasedOn: sql<string | null>`${registration.features} ->> 'deceasedOn'`,
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

/** Other ids of the same person in the same region; undefined when the id is nobody's. */
export async function findOwnDuplicates(db: Queryable, id: PatientId): Promise<string[] | undefined> {
  const rows = await db.execute<{ localId: string | null }>(sql`
    select other.local_id as "localId"
      from link own
      left join link other
        on other.person = own.person and other.region = own.region and other.local_id <> own.local_id
     where own.region = ${id.region} and own.local_id = ${id.localId}
     order by other.local_id`)
  return rows.length === 0 ? undefined : rows.flatMap(({ localId }) => localId ?? [])
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
  const rows = changes.map(({ region, localId, before, person: after, rule, explanation }) => ({
    ...{ region, local_id: localId, before, after, rule, explanation },
  }))
  const moment = sql`${at.toISOString()}::timestamptz`
  await tx.execute(sql`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        region text, local_id text, before text, after text, rule text, explanation jsonb)),
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

/** When the registration last ceased to belong to anybody; undefined while it does, and for an id that was never linked. */
export async function findEnd(db: Queryable, id: PatientId): Promise<Date | undefined> {
  const [row] = await db
    .select({ after: linkEvent.after, at: linkEvent.at })
    .from(linkEvent)
    .where(isPatient(linkEvent, id))
    .orderBy(desc(linkEvent.id))
    .limit(1)
  return row?.after === null ? row.at : undefined
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

/** Partners of a registration among the pairs that wait for a person. */
export async function findPossiblePartners(db: Queryable, id: PatientId): Promise<string[]> {
  const rows = await db
    .select()
    .from(possibleLink)
    .where(or(isPatient(endA, id), isPatient(endB, id)))
  return rows.flatMap(endsOf).filter((ref) => ref !== refOf(id))
}

/** Replaces what waits for a person: among `among`, and with anybody for `changed`. Who waited already waits since then. */
export async function replacePossibleLinks(
  tx: Transaction,
  changed: PatientId,
  among: readonly string[],
  pairs: readonly PossibleLink[],
  at: Date,
): Promise<void> {
  const inside = among.length === 0 ? undefined : and(isAnyOf(endA, among), isAnyOf(endB, among))
  const gone = await tx
    .delete(possibleLink)
    .where(or(isPatient(endA, changed), isPatient(endB, changed), inside))
    .returning()
  const waiting = new Map(gone.map((row) => [endsOf(row).join('\n'), row]))
  if (pairs.length === 0) return
  await tx.insert(possibleLink).values(
    pairs.map(({ a, b, vetoes, pair }) => {
      const [first, second] = inOrder(a, b)
      const [idA, idB] = [patientIdOf(first), patientIdOf(second)]
      const known = waiting.get([first, second].join('\n'))
      return {
        ...{ regionA: idA.region, localIdA: idA.localId, regionB: idB.region, localIdB: idB.localId },
        ...{ rule: pair.rule ?? null, vetoes, since: known?.since ?? at },
        item: known?.item ?? (first === refOf(changed) ? 'a' : 'b'),
        explanation: explainPairs([{ with: second, pair, vetoes }]),
      }
    }),
  )
}

function endsOf(row: typeof possibleLink.$inferSelect): [string, string] {
  return [
    refOf({ region: row.regionA, localId: row.localIdA }),
    refOf({ region: row.regionB, localId: row.localIdB }),
  ]
}
