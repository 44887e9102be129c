import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import type { VisitKind } from '../vocabulary/index.ts'
import type { ProxyRelation } from './consent-extensions.ts'
import type { Visit } from './count-visit.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import type { DatedConsent } from './former-consents.ts'
import { consent, visit } from './tables.ts'

export type ConsentRow = typeof consent.$inferSelect
export type VisitRow = typeof visit.$inferSelect

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

/**
 * The consents that count, in the order of the patients' ids, of those after `after`; only of whoever has the id now,
 * since nobody consents for whoever is given it next.
 */
export async function newestConsentsAfter(
  db: Queryable,
  region: string,
  after: string,
  limit: number,
): Promise<{ localId: string; consent: ConsentRecord }[]> {
  const rows = await db
    .selectDistinctOn([consent.localId])
    .from(consent)
    .where(
      and(
        eq(consent.region, region),
        gt(consent.localId, after),
        sql`exists (select from registration r where r.region = ${consent.region} and r.local_id = ${consent.localId}
          and r.is_active and r.created_at <= ${consent.receivedAt})`,
      ),
    )
    .orderBy(consent.localId, desc(consent.version))
    .limit(limit)
  return rows.map((row) => ({ localId: row.localId, consent: recordOf(row) }))
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

/**
 * The consent that counts at each region for its patient; undefined when none was ever received. Nobody consents for
 * whoever is given the id next, and a withdrawal stands until somebody consents anew.
 */
export async function consentsAt(
  db: Queryable,
  registrations: readonly RegistrationKey[],
): Promise<(of: RegistrationKey) => DatedConsent | undefined> {
  const newest = await db.execute<NewestRow>(sql`
    select c.*
      from ${named(registrations.map(({ region, localId }) => ({ region, localId })))}
     cross join lateral (
       select region, local_id as "localId", version, status, form, signed_at as "signedAt",
              valid_from as "validFrom", valid_until as "validUntil", to_json(refused) as refused,
              to_json(refused_institutions) as "refusedInstitutions", to_json(refused_regions) as "refusedRegions",
              proxy_relation as "proxyRelation", resident_born::text as "residentBorn", deceased_on::text as "deceasedOn",
              received_at as "receivedAt", evidence_kind as "evidenceKind"
         from consent where region = k.region and local_id = k."localId"
        order by version desc limit 1) c`)
  const rows = newest.map(readRow)
  return ({ region, localId, since }) => {
    const row = rows.find((each) => each.region === region && each.localId === localId)
    if (row === undefined || (row.status === 'active' && row.receivedAt < since)) return undefined
    return { ...recordOf(row), receivedAt: row.receivedAt, evidenceKind: row.evidenceKind }
  }
}

/** What a decision needs of a consent: without the resource's text, which is by far the longest of it. */
type DecidingRow = Omit<ConsentRow, 'statedFrom' | 'evidence' | 'resource'>
/** The same as the driver hands it over: times as text. */
type NewestRow = Omit<DecidingRow, 'signedAt' | 'validFrom' | 'validUntil' | 'receivedAt'> & {
  signedAt: string
  validFrom: string
  validUntil: string | null
  receivedAt: string
}

function readRow(row: NewestRow): DecidingRow {
  return {
    ...row,
    signedAt: new Date(row.signedAt),
    validFrom: new Date(row.validFrom),
    validUntil: row.validUntil === null ? null : new Date(row.validUntil),
    receivedAt: new Date(row.receivedAt),
  }
}

/**
 * Keys as rows named k, in one parameter. PostgreSQL then takes a plan of any number of them to cost what a plan of
 * these costs, so it plans once a connection, and looks into the partitions they are in only: planning sixteen
 * partitions anew for each look-up took 1.6 ms, and the look-up itself takes 0.3.
 */
function named(keys: readonly Record<string, string>[]) {
  const columns = 'region text, "localId" text, since timestamptz, institution text, person text'
  return sql`jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k (${sql.raw(columns)})`
}

function recordOf(row: DecidingRow): ConsentRecord {
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

/**
 * Of each kind and registration the visit of the person at the institution that lasts longest, among those begun by `day`. It does
 * not matter which region recorded it: an institution may belong to two.
 */
export async function latestVisits(
  db: Queryable,
  of: { institution: string; personId: string; registrations: readonly RegistrationKey[]; day: string },
): Promise<Visit[]> {
  const { institution, personId, day } = of
  const registered = of.registrations.map(({ region, localId, since }) => ({
    ...{ institution, region, localId, since: since.toISOString() },
  }))
  const lastOf = sql.raw(
    'distinct on (kind) kind, started_on::text as "startedOn", ended_on::text as "endedOn"',
  )
  const counts = sql`retracted_at is null and started_on <= ${day}::date`
  const rows = await db.execute<{ kind: VisitKind; startedOn: string; endedOn: string | null }>(sql`
    select v.* from ${named(registered)}
     cross join lateral (
       select ${lastOf} from visit
        where institution = k.institution and region = k.region and local_id = k."localId"
          and recorded_at >= k.since and ${counts}
        order by kind, ended_on desc nulls first) v
    union all
    select v.* from ${named([{ institution, person: personId }])}
     cross join lateral (
       select ${lastOf} from visit
        where institution = k.institution and person_id = k.person and ${counts}
        order by kind, ended_on desc nulls first) v`)
  return rows.map((row) => ({ ...row, endedOn: row.endedOn ?? undefined }))
}
