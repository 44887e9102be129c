import { createHash } from 'node:crypto'
import { and, inArray, type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { must, present } from '../kernel/must.ts'
import { type PatientId, refOf } from './patient-id.ts'
import { isAnyOf, isPatient } from './patient-store.ts'
import { isDeclared } from './review/decision-store.ts'
import { registration, registrationKey } from './tables.ts'

export type RegistrationRow = typeof registration.$inferSelect

/** What comparing needs of a registration. */
export type Compared = Pick<RegistrationRow, 'region' | 'localId' | 'features'>

/** Held by every change that links, shared; alone by the one that links everybody. */
const LINKING = String(lockKey('linking'))

/** Holds back all other linking until the transaction ends, and waits for what is under way. */
export async function lockEverybody(tx: Transaction): Promise<void> {
  await tx.execute(
    sql`select set_config('lock_timeout', '60000', true), set_config('idle_in_transaction_session_timeout', '0', true)`,
  )
  await tx.execute(sql`select pg_advisory_xact_lock(${LINKING})`)
}

/**
 * Holds back every change of the region's patient ids until the transaction ends, and waits for those under way: whoever
 * loads many at once cannot lock each. The first lock that a transaction takes.
 */
export async function lockPatientIds(tx: Transaction, region: string): Promise<void> {
  await tx.execute(sql`select set_config('lock_timeout', '60000', true)`)
  await tx.execute(sql`select pg_advisory_xact_lock(${String(lockKey('patient-ids', region))})`)
}

/** As `lockPatients`, of one. */
export async function lockPatientId(tx: Transaction, id: PatientId): Promise<void> {
  await lockPatients(tx, [id])
}

/**
 * Holds back every other change of these patient ids until the transaction ends. Needs each statement to see what
 * was committed before it, so the transaction must be of PostgreSQL's ordinary kind.
 */
export async function lockPatients(tx: Transaction, ids: readonly PatientId[]): Promise<void> {
  const regions = [...new Set(ids.map(({ region }) => region))].map((region) =>
    lockKey('patient-ids', region),
  )
  const keys = ids.map((id) => lockKey('patient-id', refOf(id)))
  const [row] = await tx.execute<{ isolation: string }>(sql`
    select current_setting('transaction_isolation') as isolation,
           (select count(pg_advisory_xact_lock_shared(key)) from unnest(${inLockOrder(regions)}::bigint[]) as each (key)),
           pg_advisory_xact_lock_shared(${LINKING}),
           (select count(pg_advisory_xact_lock(key)) from unnest(${inLockOrder(keys)}::bigint[]) as each (key))`)
  must(row?.isolation === 'read committed', 'linking reads what was committed before its locks were given')
}

/**
 * As `lockPatients`, but waits neither for whoever links everybody nor for whoever loads new ids of the region: for
 * what has to be taken at once, and makes good itself for what those may commit beside it.
 */
export async function lockNamedPatients(tx: Transaction, ids: readonly PatientId[]): Promise<void> {
  const keys = ids.map((id) => lockKey('patient-id', refOf(id)))
  await tx.execute(sql`
    select count(pg_advisory_xact_lock(key)) from unnest(${inLockOrder(keys)}::bigint[]) as each (key)`)
}

/**
 * Holds back all other linking among people born on these days. Every rule needs an equal birth date, so whatever
 * one decision reads or moves lies under one lock, and two first records of one person make one cluster.
 */
export async function lockBirthDates(tx: Transaction, days: Iterable<string>): Promise<void> {
  const keys = [...new Set(days)].map((day) => lockKey('birth-date', day))
  if (keys.length === 0) return
  await tx.execute(sql`
    select pg_advisory_xact_lock_shared(${LINKING}),
           (select count(pg_advisory_xact_lock(key)) from unnest(${inLockOrder(keys)}::bigint[]) as each (key))`)
}

/** One order for everybody, so that no two wait for each other. */
function inLockOrder(keys: readonly bigint[]): SQL {
  return sql`${sql.param([...keys].sort((a, b) => (a < b ? -1 : 1)).map(String))}`
}

/** Holds back every other merge in the region, so that no two of them close a cycle together. */
export async function lockMerges(tx: Transaction, region: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${String(lockKey('merges', region))})`)
}

/** More than any region merges one after another; a cycle, which is never stored, would end here too. */
const MERGES_MAX = 64

/** The id under which the region goes on with whoever had this one: its own, unless it was replaced. */
export async function currentLocalId(db: Queryable, { region, localId }: PatientId): Promise<string> {
  const rows = await db.execute<{ localId: string }>(sql`
    with recursive chain (local_id, depth) as (
      select ${localId}::text, 0
      union all
      select each.replaced_by, chain.depth + 1
        from chain
        join registration each on each.region = ${region} and each.local_id = chain.local_id
       where each.replaced_by is not null and chain.depth < ${MERGES_MAX})
    select local_id as "localId" from chain order by depth desc limit 1`)
  return present(rows[0], 'a chain has a beginning').localId
}

/** 64 bits of SHA-256, the same in every process; two meanings of one key cost a wait, no more. */
function lockKey(...parts: string[]): bigint {
  return createHash('sha256').update(parts.join('\0')).digest().readBigInt64BE()
}

export async function findRegistration(db: Queryable, id: PatientId): Promise<RegistrationRow | undefined> {
  const [row] = await findRegistrations(db, [refOf(id)])
  return row
}

/** In words of SQL: the query builder takes 60 µs to put together what is asked with every feed. */
export async function findRegistrations(db: Queryable, refs: readonly string[]): Promise<RegistrationRow[]> {
  if (refs.length === 0) return []
  const rows = await db.execute<KeptRow & Record<string, unknown>>(sql`
    select region, local_id as "localId", version, source, features, norm, family_kana as "familyKana",
           given_kana as "givenKana", family_kanji as "familyKanji", given_kanji as "givenKanji",
           birth_date as "birthDate", sex, is_active as "isActive", is_protected as "isProtected",
           replaced_by as "replacedBy", created_at as "createdAt", updated_at as "updatedAt"
      from registration where ${isAnyOf(registration, refs)}`)
  return rows.map(({ createdAt, updatedAt, ...row }) => ({
    ...row,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  }))
}

type KeptRow = Omit<RegistrationRow, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string }

/** Those of them that are active. */
export async function findActive(db: Queryable, refs: readonly string[]): Promise<Compared[]> {
  if (refs.length === 0) return []
  return db.execute<Compared & Record<string, unknown>>(sql`
    select region, local_id as "localId", features
      from registration where is_active and ${isAnyOf(registration, refs)}`)
}

export interface Candidate extends Compared {
  /** Whether people have decided anything about it. */
  isDeclared: boolean
  /** Those of the keys asked for that it has, as texts. */
  keys: string[]
}

/** Registrations that have one of the keys; of each key one more than `max` says that there are too many. */
export async function findCandidates(
  db: Queryable,
  keys: readonly bigint[],
  max: number,
): Promise<Candidate[]> {
  if (keys.length === 0) return []
  return db.execute<Candidate & Record<string, unknown>>(sql`
    with near as (
      select region, local_id, array_agg(asked.key::text) as keys
        from unnest(${sql.param(keys.map(String))}::bigint[]) as asked (key)
       cross join lateral (
         select region, local_id from registration_key where registration_key.key = asked.key limit ${max + 1}) each
       group by region, local_id)
    select registration.region, registration.local_id as "localId", features, keys,
           ${isDeclared(registration)} as "isDeclared"
      from near join registration using (region, local_id)`)
}

/** A registration, and the keys that it has from now on instead of those it had. */
export interface PutRegistration {
  row: RegistrationRow
  keys: { before: readonly bigint[]; after: readonly bigint[] }
}

/** Registrations, each another, with their keys, in one statement; what it need not do is not in it. */
export async function putRegistrations(tx: Transaction, puts: readonly PutRegistration[]): Promise<void> {
  if (puts.length === 0) return
  const rows = puts.map(({ row, keys: { before, after } }) => ({
    ...{ region: row.region, local_id: row.localId, version: row.version, source: row.source },
    ...{ features: row.features, norm: row.norm, birth_date: row.birthDate, sex: row.sex },
    ...{ family_kana: row.familyKana, given_kana: row.givenKana },
    ...{ family_kanji: row.familyKanji, given_kanji: row.givenKanji },
    ...{ is_active: row.isActive, is_protected: row.isProtected, replaced_by: row.replacedBy },
    ...{ created_at: row.createdAt, updated_at: row.updatedAt },
    ...{ gone: except(before, after), fresh: except(after, before) },
  }))
  const gone = sql`
    gone as (
      delete from registration_key held
       using (select region, local_id, unnest(gone) as key from given) old
       where held.key = old.key and held.region = old.region and held.local_id = old.local_id),`
  const fresh = sql`
    fresh as (
      insert into registration_key (key, region, local_id)
      select unnest(fresh), region, local_id from given),`
  await tx.execute(sql`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        region text, local_id text, version int, source text, features json, norm int, family_kana text, given_kana text, family_kanji text, given_kanji text,
        birth_date text, sex text,
        is_active boolean, is_protected boolean, replaced_by text, created_at timestamptz, updated_at timestamptz,
        gone bigint[], fresh bigint[])),
    ${rows.some((row) => row.gone.length > 0) ? gone : sql``}
    ${rows.some((row) => row.fresh.length > 0) ? fresh : sql``}
    put as (
      insert into registration (
        region, local_id, version, source, features, norm, family_kana, given_kana, family_kanji, given_kanji,
        birth_date, sex, is_active, is_protected, replaced_by, created_at, updated_at)
      select region, local_id, version, source, features, norm, family_kana, given_kana, family_kanji, given_kanji,
             birth_date, sex, is_active, is_protected, replaced_by, created_at, updated_at
        from given
      on conflict (region, local_id) do update set
        version = excluded.version, source = excluded.source, features = excluded.features, norm = excluded.norm,
        family_kana = excluded.family_kana, given_kana = excluded.given_kana,
        family_kanji = excluded.family_kanji, given_kanji = excluded.given_kanji,
        birth_date = excluded.birth_date, sex = excluded.sex, is_active = excluded.is_active,
        is_protected = excluded.is_protected, replaced_by = excluded.replaced_by, updated_at = excluded.updated_at)
    select`)
}

/** As texts: JavaScript's numbers do not hold them. */
function except(keys: readonly bigint[], others: readonly bigint[]): string[] {
  return keys.filter((key) => !others.includes(key)).map(String)
}

export async function deleteRegistration(tx: Transaction, id: PatientId): Promise<void> {
  await tx.delete(registration).where(isPatient(registration, id))
}

/** Nobody finds the registration any more. */
export async function deleteKeys(tx: Transaction, id: PatientId, keys: readonly bigint[]): Promise<void> {
  if (keys.length === 0) return
  await tx
    .delete(registrationKey)
    .where(and(inArray(registrationKey.key, [...keys]), isPatient(registrationKey, id)))
}
