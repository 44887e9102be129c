import { and, inArray, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { must } from '../kernel/must.ts'
import { hash64 } from './blocking-keys.ts'
import { type PatientId, refOf } from './patient-id.ts'
import { isAnyOf, isPatient } from './patient-store.ts'
import { registration, registrationKey } from './tables.ts'

export type RegistrationRow = typeof registration.$inferSelect

/** What comparing needs of a registration. */
export type Compared = Pick<RegistrationRow, 'region' | 'localId' | 'features'>
const compared = {
  region: registration.region,
  localId: registration.localId,
  features: registration.features,
}

/**
 * Holds back every other change of this patient id until the transaction ends. Needs each statement to see what
 * was committed before it, so the transaction must be of PostgreSQL's ordinary kind.
 */
export async function lockPatientId(tx: Transaction, id: PatientId): Promise<void> {
  const [row] = await tx.execute<{ isolation: string }>(
    sql`select current_setting('transaction_isolation') as isolation, pg_advisory_xact_lock(${String(hash64('patient-id', refOf(id)))})`,
  )
  must(row?.isolation === 'read committed', 'linking reads what was committed before its locks were given')
}

/**
 * Holds back all other linking among people born on these days. Every rule needs an equal birth date, so whatever
 * one decision reads or moves lies under one lock, and two first records of one person make one cluster.
 */
export async function lockBirthDates(tx: Transaction, days: Iterable<string>): Promise<void> {
  for (const day of [...new Set(days)].sort()) {
    await tx.execute(sql`select pg_advisory_xact_lock(${String(hash64('birth-date', day))})`)
  }
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
): Promise<Compared[]> {
  if (keys.length === 0) return []
  const near = db
    .selectDistinct({ region: registrationKey.region, localId: registrationKey.localId })
    .from(registrationKey)
    .where(inArray(registrationKey.key, [...keys]))
    .limit(max + 1)
  return db
    .select(compared)
    .from(registration)
    .where(sql`(${registration.region}, ${registration.localId}) in ${near}`)
}

export async function putRegistration(tx: Transaction, row: RegistrationRow): Promise<void> {
  const { region: _region, localId: _localId, createdAt: _createdAt, ...set } = row
  await tx
    .insert(registration)
    .values(row)
    .onConflictDoUpdate({ target: [registration.region, registration.localId], set })
}

export async function replaceKeys(
  tx: Transaction,
  id: PatientId,
  before: readonly bigint[],
  after: readonly bigint[],
): Promise<void> {
  const [gone, fresh] = [
    before.filter((key) => !after.includes(key)),
    after.filter((key) => !before.includes(key)),
  ]
  if (gone.length > 0) {
    await tx
      .delete(registrationKey)
      .where(and(inArray(registrationKey.key, gone), isPatient(registrationKey, id)))
  }
  if (fresh.length > 0) await tx.insert(registrationKey).values(fresh.map((key) => ({ key, ...id })))
}

export async function deleteRegistration(tx: Transaction, id: PatientId): Promise<void> {
  await tx.delete(registration).where(isPatient(registration, id))
}
