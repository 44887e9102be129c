import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../kernel/database.ts'
import type { VisitKind } from '../vocabulary/index.ts'
import type { Visit } from './count-visit.ts'
import type { DatedConsent } from './former-consents.ts'
import { type DecidingRow, type RegistrationKey, recordOf } from './store.ts'

export type ConsentOf = (registration: RegistrationKey) => DatedConsent | undefined

/** Whose visits where: a person's registrations, and the person itself while a handle was used. */
export interface VisitsAsked {
  institution: string
  personId: string
  registrations: readonly RegistrationKey[]
  day: string
}

/**
 * The consents that count at `consented` and the visits asked about, in one journey: side by side they would take two
 * connections. The consent at a region for its patient is undefined when none was ever received. Nobody consents for
 * whoever is given the id next, and a withdrawal stands until somebody consents anew. Of visits there is for each kind
 * and registration the one that lasts longest, among those begun by `day`; it does not matter which region recorded
 * it: an institution may belong to two.
 */
export async function consentsAndVisits(
  db: Queryable,
  consented: readonly RegistrationKey[],
  asked: VisitsAsked,
): Promise<{ consentOf: ConsentOf; visits: Visit[] }> {
  const rows = await db.execute<FactRow>(sql`
    select c.*, ${lastVisits(asked, OF_REGISTRATION)} as visits,
           ${lastVisits(asked, sql`person_id = ${asked.personId}`)} as "visitsByHandle"
      from jsonb_to_recordset(${JSON.stringify(keysOf(consented, asked))}::jsonb)
             as k (region text, "localId" text, since timestamptz)
      left join lateral (
        select region, local_id as "localId", version, status, form, signed_at as "signedAt",
               valid_from as "validFrom", valid_until as "validUntil", refused,
               refused_institutions as "refusedInstitutions", refused_regions as "refusedRegions",
               proxy_relation as "proxyRelation", resident_born as "residentBorn", deceased_on as "deceasedOn",
               received_at as "receivedAt", evidence_kind as "evidenceKind"
          from consent where region = k.region and local_id = k."localId"
         order by version desc limit 1) c on true`)
  const visits = [...rows.flatMap((row) => row.visits ?? []), ...(rows[0]?.visitsByHandle ?? [])]
  return {
    consentOf: consentAmong(rows),
    visits: visits.map((visit) => ({ ...visit, endedOn: visit.endedOn ?? undefined })),
  }
}

const OF_REGISTRATION = sql`region = k.region and local_id = k."localId" and recorded_at >= k.since`

function lastVisits({ institution, day }: VisitsAsked, whose: SQL): SQL {
  return sql`(
    select jsonb_agg(v) from (
      select distinct on (kind) kind, started_on as "startedOn", ended_on as "endedOn" from visit
       where institution = ${institution} and ${whose} and retracted_at is null and started_on <= ${day}::date
       order by kind, ended_on desc nulls first) v)`
}

/**
 * Each registration once, in one parameter: PostgreSQL then takes a plan of any number of them to cost what a plan of
 * these costs, so it plans once a connection. Without `since` where its visits are not asked about. At least one row,
 * since whoever is not registered may have been seen by a handle.
 */
function keysOf(consented: readonly RegistrationKey[], { registrations }: VisitsAsked): object[] {
  const keys = new Map<string, object>([['', {}]])
  for (const { region, localId } of consented) keys.set(`${region}|${localId}`, { region, localId })
  for (const { region, localId, since } of registrations)
    keys.set(`${region}|${localId}`, { region, localId, since: since.toISOString() })
  return [...keys.values()]
}

interface FactRow extends Record<string, unknown>, Nullable<NewestRow> {
  visits: VisitRow[] | null
  visitsByHandle: VisitRow[] | null
}
type Nullable<T> = { [Name in keyof T]: T[Name] | null }
type VisitRow = { kind: VisitKind; startedOn: string; endedOn: string | null }

/** A consent's row as the driver gives it: times as text. */
type NewestRow = Omit<DecidingRow, 'signedAt' | 'validFrom' | 'validUntil' | 'receivedAt'> & {
  signedAt: string
  validFrom: string
  validUntil: string | null
  receivedAt: string
}

/** Without a consent every column of its row is null. */
const hasConsent = (row: FactRow): row is FactRow & NewestRow => row.region !== null

function consentAmong(rows: readonly FactRow[]): ConsentOf {
  const newest = rows.filter(hasConsent).map(readRow)
  return ({ region, localId, since }) => {
    const row = newest.find((each) => each.region === region && each.localId === localId)
    if (row === undefined || (row.status === 'active' && row.receivedAt < since)) return undefined
    return { ...recordOf(row), receivedAt: row.receivedAt, evidenceKind: row.evidenceKind }
  }
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
