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
 * the one that lasts longest, among those begun by `day`; it does not matter which region recorded it: an institution
 * may belong to two.
 */
export async function consentsAndVisits(
  db: Queryable,
  consented: readonly RegistrationKey[],
  asked: VisitsAsked,
): Promise<{ consentOf: ConsentOf; visits: Visit[] }> {
  const rows = await db.execute<FactRow>(factsStatement(consented, asked))
  return {
    consentOf: consentAmong(rows.filter(hasConsent).map(readRow)),
    visits: rows.filter(hasVisit).map(visitIn),
  }
}

/** The consents' rows, then the visits': one set of either and the other would have to be read twice. */
export function factsStatement(consented: readonly RegistrationKey[], asked: VisitsAsked): SQL {
  return sql`
    with k (region, local_id, since) as (values ${sql.join(keysOf(consented, asked), sql`, `)})
    select * from (${NEWEST_CONSENTS}) c full join (${lastVisits(asked)}) v on false`
}

const NEWEST_CONSENTS = sql`
  select newest.* from k cross join lateral (
    select region, local_id as "localId", version, status, form, signed_at as "signedAt",
           valid_from as "validFrom", valid_until as "validUntil", refused,
           refused_institutions as "refusedInstitutions", refused_regions as "refusedRegions",
           proxy_relation as "proxyRelation", resident_born as "residentBorn", deceased_on as "deceasedOn",
           received_at as "receivedAt", evidence_kind as "evidenceKind"
      from consent where region = k.region and local_id = k.local_id
     order by version desc limit 1) newest`

function lastVisits({ institution, personId, day }: VisitsAsked): SQL {
  const counts = sql`institution = ${institution} and retracted_at is null and started_on <= ${day}::date`
  return sql`
    select distinct on (kind) kind, started_on as "startedOn", ended_on as "endedOn" from (
      select kind, started_on, ended_on from k join visit using (region, local_id)
       where ${counts} and recorded_at >= since
       union all
      select kind, started_on, ended_on from visit where ${counts} and person_id = ${personId}) each
     order by kind, ended_on desc nulls first`
}

/** Keys come by so many, so that statements are few: each is planned anew once a connection. */
const KEYS_STEP = 4

/** Each registration once, without `since` where its visits are not asked about; then keys of nobody. */
function keysOf(consented: readonly RegistrationKey[], { registrations }: VisitsAsked): SQL[] {
  const keys = new Map<string, SQL>()
  const key = (region: string | null, localId: string | null, since: Date | null) =>
    sql`(${region}::text, ${localId}::text, ${since?.toISOString() ?? null}::timestamptz)`
  for (const { region, localId } of consented) keys.set(`${region}|${localId}`, key(region, localId, null))
  for (const { region, localId, since } of registrations)
    keys.set(`${region}|${localId}`, key(region, localId, since))
  const count = Math.max(1, Math.ceil(keys.size / KEYS_STEP)) * KEYS_STEP
  return [...keys.values(), ...Array.from({ length: count - keys.size }, () => key(null, null, null))]
}

/** A consent's row or a visit's; every column of the other is null. */
interface FactRow extends Record<string, unknown>, Nullable<NewestRow>, Nullable<VisitRow> {}
type Nullable<T> = { [Name in keyof T]: T[Name] | null }
type VisitRow = { kind: VisitKind; startedOn: string; endedOn: string | null }

/** A consent's row as the driver gives it: times as text. */
type NewestRow = Omit<DecidingRow, 'signedAt' | 'validFrom' | 'validUntil' | 'receivedAt'> & {
  signedAt: string
  validFrom: string
  validUntil: string | null
  receivedAt: string
}

const hasConsent = (row: FactRow): row is FactRow & NewestRow => row.region !== null
const hasVisit = (row: FactRow): row is FactRow & VisitRow => row.kind !== null

function visitIn({ kind, startedOn, endedOn }: VisitRow): Visit {
  return { kind, startedOn, endedOn: endedOn ?? undefined }
}

function consentAmong(newest: readonly DecidingRow[]): ConsentOf {
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
