import { and, desc, eq, inArray, isNull, max, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import type { ProxyRelation } from './consent-extensions.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import type { DatedConsent } from './former-consents.ts'
import { consent, visit } from './tables.ts'

export type ConsentRow = typeof consent.$inferSelect
export type VisitRow = typeof visit.$inferSelect
/** What a decision needs of a consent: without the resource's text, which is by far the longest of it. */
export type DecidingRow = Omit<ConsentRow, 'statedFrom' | 'evidence' | 'resource'>

/** A patient as a region numbers them. */
export interface RegistrationKey {
  region: string
  localId: string
  /** When the region gave the id to this patient. It may have been somebody else's before. */
  since: Date
}

/** Of all versions ever received the highest counts, whatever its state. */
export async function newestConsent(
  db: Queryable,
  region: string,
  localId: string,
): Promise<ConsentRow | undefined> {
  const [row] = await db
    .select()
    .from(consent)
    .where(and(eq(consent.region, region), eq(consent.localId, localId)))
    .orderBy(desc(consent.version))
    .limit(1)
  return row
}

/** The same for many patients of one region, in the order of their ids. */
export async function newestConsents(
  db: Queryable,
  region: string,
  localIds: readonly string[],
): Promise<ConsentRow[]> {
  return db
    .selectDistinctOn([consent.localId])
    .from(consent)
    .where(
      and(eq(consent.region, region), sql`${consent.localId} = any(${sql.param([...localIds])}::text[])`),
    )
    .orderBy(consent.localId, desc(consent.version))
}

/** When the last word under any of the ids was received. */
export async function newestReceipt(
  db: Queryable,
  region: string,
  localIds: readonly string[],
): Promise<Date | undefined> {
  const [row] = await db
    .select({ at: max(consent.receivedAt) })
    .from(consent)
    .where(and(eq(consent.region, region), inArray(consent.localId, [...localIds])))
  return row?.at ?? undefined
}

/**
 * The region's ids after `after` under which, or under an id that was merged into which, anything was ever said; in
 * their order. Each list is cut before the two are one, so that a page reads no more than it gives.
 */
export async function idsSaidUnder(
  db: Queryable,
  region: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db.execute<{ localId: string }>(sql`
    select local_id as "localId" from (
      (select distinct local_id from consent where region = ${region} and local_id > ${after}
        order by local_id limit ${limit})
      union
      (select distinct survivor from merged_id where region = ${region} and survivor > ${after}
        order by survivor limit ${limit})) as said
     order by local_id limit ${limit}`)
  return rows.map(({ localId }) => localId)
}

/** A newest version as it counts for whoever has had the id since then; undefined where it was somebody else's. */
export function countingOf(row: ConsentRow, since: Date): DatedConsent | undefined {
  if (row.status === 'active' && row.receivedAt < since) return undefined
  return { ...recordOf(row), receivedAt: row.receivedAt, evidenceKind: row.evidenceKind }
}

/** Which institutions of the region have visits of which of its patients on record. */
export async function institutionsVisited(
  db: Queryable,
  region: string,
  localIds: readonly string[],
): Promise<{ institution: string; localId: string }[]> {
  if (localIds.length === 0) return []
  // Through the region's members, because visits are found by their institution.
  return db.execute<{ institution: string; localId: string }>(sql`
    select distinct v.institution, v.local_id as "localId"
      from (select distinct institution from membership where region = ${region}) m
      join visit v on v.institution = m.institution and v.region = ${region}
       and v.local_id = any(${sql.param([...localIds])}::text[]) and v.retracted_at is null
     order by 1, 2`)
}

/** Deletes the region's visits whose last day, or whose taking back, was before that day. Gives how many. */
export async function deleteVisitsBefore(tx: Transaction, region: string, day: string): Promise<number> {
  const rows = await tx.execute<{ count: string }>(sql`
    with gone as (
      delete from visit where region = ${region}
         and (ended_on < ${day}::date or retracted_at < ${day}::date at time zone 'Asia/Tokyo')
      returning 1)
    select count(*) from gone`)
  return Number(rows[0]?.count ?? 0)
}

export function recordOf(row: DecidingRow): ConsentRecord {
  const { version, status, form, signedAt, validFrom, refused, refusedInstitutions, refusedRegions } = row
  const { validUntil, deceasedOn, proxyRelation, residentBorn } = row
  return {
    ...{ version, status, form, signedAt, validFrom, refused, refusedInstitutions, refusedRegions },
    validUntil: validUntil ?? undefined,
    proxy: proxyOf(proxyRelation, residentBorn),
    deceasedOn: deceasedOn ?? undefined,
  }
}

/** Both columns are there or neither is. */
export function proxyOf(relation: ProxyRelation | null, residentBorn: string | null): ConsentRecord['proxy'] {
  return relation === null || residentBorn === null ? undefined : { relation, residentBorn }
}

export async function insertConsent(tx: Transaction, row: ConsentRow): Promise<void> {
  await tx.insert(consent).values(row)
}

/** What makes a visit the same visit when it is sent again. */
export type VisitKey = Pick<
  VisitRow,
  'institution' | 'region' | 'localId' | 'personId' | 'kind' | 'startedOn'
>

export async function findVisit(db: Queryable, key: VisitKey): Promise<VisitRow | undefined> {
  const [row] = await db.select().from(visit).where(isVisit(key))
  return row
}

export async function insertVisit(tx: Transaction, row: VisitRow): Promise<void> {
  await tx.insert(visit).values(row)
}

export async function updateVisit(
  tx: Transaction,
  key: VisitKey,
  change: Pick<VisitRow, 'endedOn' | 'retractedAt' | 'recordedAt'>,
): Promise<void> {
  await tx.update(visit).set(change).where(isVisit(key))
}

function isVisit(key: VisitKey) {
  return and(
    eq(visit.institution, key.institution),
    eq(visit.region, key.region),
    key.localId === null ? isNull(visit.localId) : eq(visit.localId, key.localId),
    key.personId === null ? isNull(visit.personId) : eq(visit.personId, key.personId),
    eq(visit.kind, key.kind),
    eq(visit.startedOn, key.startedOn),
  )
}
