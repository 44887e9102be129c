import { createHash } from 'node:crypto'
import { and, inArray, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { must, present } from '../kernel/must.ts'
import { type PatientId, refOf } from './patient-id.ts'
import { isAnyOf, isPatient } from './patient-store.ts'
import { isDeclared } from './review/decision-store.ts'
import { registration, registrationKey } from './tables.ts'

export type RegistrationRow = typeof registration.$inferSelect

/** What comparing needs of a registration. */
export type Compared = Pick<RegistrationRow, 'region' | 'localId' | 'features'>
const compared = {
  region: registration.region,
  localId: registration.localId,
  features: registration.features,
}

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

/**
 * Holds back every other change of this patient id until the transaction ends. Needs each statement to see what
 * was committed before it, so the transaction must be of PostgreSQL's ordinary kind.
 */
export async function lockPatientId(tx: Transaction, id: PatientId): Promise<void> {
  const [region, own] = [lockKey('patient-ids', id.region), lockKey('patient-id', refOf(id))]
  const [row] = await tx.execute<{ isolation: string }>(
    sql`select current_setting('transaction_isolation') as isolation,
      pg_advisory_xact_lock_shared(${String(region)}), pg_advisory_xact_lock_shared(${LINKING}),
      pg_advisory_xact_lock(${String(own)})`,
  )
  must(row?.isolation === 'read committed', 'linking reads what was committed before its locks were given')
}

/**
 * Holds back all other linking among people born on these days. Every rule needs an equal birth date, so whatever
 * one decision reads or moves lies under one lock, and two first records of one person make one cluster.
 */
export async function lockBirthDates(tx: Transaction, days: Iterable<string>): Promise<void> {
  for (const day of [...new Set(days)].sort()) {
    await tx.execute(
      sql`select pg_advisory_xact_lock_shared(${LINKING}), pg_advisory_xact_lock(${String(lockKey('birth-date', day))})`,
    )
  }
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
  const [row] = await db.select().from(registration).where(isPatient(registration, id))
  return row
}

export async function findRegistrations(db: Queryable, refs: readonly string[]): Promise<RegistrationRow[]> {
  return refs.length === 0 ? [] : db.select().from(registration).where(isAnyOf(registration, refs))
}

/** Registrations that share one of the keys; one more than `max` says that there are too many. */
export async function findCandidates(
  db: Queryable,
  keys: readonly bigint[],
  max: number,
): Promise<(Compared & { isDeclared: boolean })[]> {
  if (keys.length === 0) return []
  const near = db
    .selectDistinct({ region: registrationKey.region, localId: registrationKey.localId })
    .from(registrationKey)
    .where(inArray(registrationKey.key, [...keys]))
    .limit(max + 1)
  return db
    .select({ ...compared, isDeclared: isDeclared(registration) })
    .from(registration)
    .where(sql`(${registration.region}, ${registration.localId}) in ${near}`)
}

/** The registration, and the keys that it has from now on instead of those it had, in one statement. */
export async function putRegistration(
  tx: Transaction,
  row: RegistrationRow,
  { before, after }: { before: readonly bigint[]; after: readonly bigint[] },
): Promise<void> {
  const { region, localId } = row
  const [gone, fresh] = [except(before, after), except(after, before)]
  await tx.execute(sql`
    with gone as (
      delete from registration_key
       where key = any(${sql.param(gone)}::bigint[]) and region = ${region} and local_id = ${localId}),
    fresh as (
      insert into registration_key (key, region, local_id)
      select key, ${region}, ${localId} from unnest(${sql.param(fresh)}::bigint[]) as added (key))
    insert into registration (
      region, local_id, version, source, features, norm, birth_date, sex, is_active, is_protected, replaced_by,
      created_at, updated_at)
    values (
      ${region}, ${localId}, ${row.version}, ${row.source}, ${JSON.stringify(row.features)}::jsonb, ${row.norm},
      ${row.birthDate}, ${row.sex}, ${row.isActive}, ${row.isProtected}, ${row.replacedBy},
      ${row.createdAt.toISOString()}::timestamptz, ${row.updatedAt.toISOString()}::timestamptz)
    on conflict (region, local_id) do update set
      version = excluded.version, source = excluded.source, features = excluded.features, norm = excluded.norm,
      birth_date = excluded.birth_date, sex = excluded.sex, is_active = excluded.is_active,
      is_protected = excluded.is_protected, replaced_by = excluded.replaced_by, updated_at = excluded.updated_at`)
}

/** As texts: that is how a list of them travels. */
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
