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
 * Of each kind and registration the visit of the person at the institution that lasts longest, among those begun by
 * `day`. It does not matter which region recorded it: an institution may belong to two.
 */
export async function latestVisits(db: Queryable, asked: VisitsAsked): Promise<Visit[]> {
  return visitsAmong(await db.execute<FactRow>(visitRows(asked)))
}

/**
 * The same with the consents that count, in one journey: side by side they would take two connections. The consent at
 * a region for its patient is undefined when none was ever received. Nobody consents for whoever is given the id next,
 * and a withdrawal stands until somebody consents anew.
 */
export async function consentsAndVisits(
  db: Queryable,
  registrations: readonly RegistrationKey[],
  asked: VisitsAsked,
): Promise<{ consentOf: ConsentOf; visits: Visit[] }> {
  const rows = await db.execute<FactRow>(sql`${consentRows(registrations)} union all ${visitRows(asked)}`)
  return { consentOf: consentAmong(rows), visits: visitsAmong(rows) }
}

/** A row holds one of the two. */
interface FactRow extends Record<string, unknown> {
  consent: NewestRow | null
  visit: { kind: VisitKind; startedOn: string; endedOn: string | null } | null
}

function consentRows(registrations: readonly RegistrationKey[]): SQL {
  return sql`
    select to_jsonb(c) as consent, null::jsonb as visit
      from ${named(registrations.map(({ region, localId }) => ({ region, localId })))}
     cross join lateral (
       select region, local_id as "localId", version, status, form, signed_at as "signedAt",
              valid_from as "validFrom", valid_until as "validUntil", refused,
              refused_institutions as "refusedInstitutions", refused_regions as "refusedRegions",
              proxy_relation as "proxyRelation", resident_born as "residentBorn", deceased_on as "deceasedOn",
              received_at as "receivedAt", evidence_kind as "evidenceKind"
         from consent where region = k.region and local_id = k."localId"
        order by version desc limit 1) c`
}

function visitRows({ institution, personId, registrations, day }: VisitsAsked): SQL {
  const registered = registrations.map(({ region, localId, since }) => ({
    ...{ institution, region, localId, since: since.toISOString() },
  }))
  const lastOf = sql.raw('distinct on (kind) kind, started_on as "startedOn", ended_on as "endedOn"')
  const counts = sql`retracted_at is null and started_on <= ${day}::date`
  return sql`
    select null::jsonb as consent, to_jsonb(v) as visit from ${named(registered)}
     cross join lateral (
       select ${lastOf} from visit
        where institution = k.institution and region = k.region and local_id = k."localId"
          and recorded_at >= k.since and ${counts}
        order by kind, ended_on desc nulls first) v
    union all
    select null::jsonb, to_jsonb(v) from ${named([{ institution, person: personId }])}
     cross join lateral (
       select ${lastOf} from visit
        where institution = k.institution and person_id = k.person and ${counts}
        order by kind, ended_on desc nulls first) v`
}

/**
 * Keys as rows named k, in one parameter. PostgreSQL then takes a plan of any number of them to cost what a plan of
 * these costs, so it plans once a connection.
 */
function named(keys: readonly Record<string, string>[]): SQL {
  const columns = 'region text, "localId" text, since timestamptz, institution text, person text'
  return sql`jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k (${sql.raw(columns)})`
}

function consentAmong(rows: readonly FactRow[]): ConsentOf {
  const newest = rows.flatMap(({ consent }) => (consent === null ? [] : [readRow(consent)]))
  return ({ region, localId, since }) => {
    const row = newest.find((each) => each.region === region && each.localId === localId)
    if (row === undefined || (row.status === 'active' && row.receivedAt < since)) return undefined
    return { ...recordOf(row), receivedAt: row.receivedAt, evidenceKind: row.evidenceKind }
  }
}

function visitsAmong(rows: readonly FactRow[]): Visit[] {
  return rows.flatMap(({ visit }) =>
    visit === null ? [] : [{ ...visit, endedOn: visit.endedOn ?? undefined }],
  )
}

/** A consent as JSON: times as text. */
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
