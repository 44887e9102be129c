import { and, desc, eq, isNotNull, isNull, lt, lte, max } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { ConsentRecord, DatedConsent, EvidenceKind } from '../consent/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import type { Policy } from '../vocabulary/index.ts'
import { lockForChange, POLICY } from './copy-lock-store.ts'
import { consentCopy, policyCopy, registrationCopy, standingElsewhere } from './tables.ts'

/** Keeps one version of a resident's consent; a version kept before stays what it was, and false is returned. */
export async function putConsentCopy(
  tx: Transaction,
  localId: string,
  consent: ConsentRecord & { evidenceKind?: EvidenceKind | undefined },
  receivedAt: Date,
): Promise<boolean> {
  await lockForChange(tx, localId)
  const kept = await tx
    .insert(consentCopy)
    .values({
      ...consent,
      refused: [...consent.refused],
      refusedInstitutions: [...consent.refusedInstitutions],
      refusedRegions: [...consent.refusedRegions],
      localId,
      receivedAt,
    })
    .onConflictDoNothing()
    .returning({ version: consentCopy.version })
  return kept.length === 1
}

/**
 * Nobody consents for whoever is given the id next, nor has died; a withdrawal stands. What ends stays on record: the
 * hub keeps it too, and takes no version again.
 */
export async function endConsentCopies(tx: Transaction, localId: string, endedAt: Date): Promise<void> {
  await lockForChange(tx, localId)
  const counts = and(eq(consentCopy.status, 'active'), isNull(consentCopy.endedAt))
  await tx
    .update(consentCopy)
    .set({ endedAt })
    .where(and(eq(consentCopy.localId, localId), counts))
  const stands = and(eq(consentCopy.localId, localId), isNull(consentCopy.endedAt))
  await tx.update(consentCopy).set({ deceasedOn: null }).where(stands)
}

/** Of all versions kept, those that ended with the registration too; 0 when there is none. */
export async function newestConsentVersion(db: Queryable, localId: string): Promise<number> {
  const [row] = await db
    .select({ version: max(consentCopy.version) })
    .from(consentCopy)
    .where(eq(consentCopy.localId, localId))
  return row?.version ?? 0
}

/** The consent that counts: the highest version that did not end with its registration. */
export async function findConsentCopy(db: Queryable, localId: string): Promise<DatedConsent | undefined> {
  const [row] = await db
    .select()
    .from(consentCopy)
    .where(and(eq(consentCopy.localId, localId), isNull(consentCopy.endedAt)))
    .orderBy(desc(consentCopy.version))
    .limit(1)
  if (row === undefined) return undefined
  const { localId: _localId, endedAt: _endedAt, validUntil, proxy, deceasedOn, evidenceKind, ...said } = row
  return {
    ...said,
    validUntil: validUntil ?? undefined,
    proxy: proxy ?? undefined,
    deceasedOn: deceasedOn ?? undefined,
    evidenceKind: evidenceKind ?? undefined,
  }
}

/** Keeps the own council's policy; a version kept before stays what it was, and false is returned. */
export async function putPolicyCopy(tx: Transaction, document: Policy, recordedAt: Date): Promise<boolean> {
  await lockForChange(tx, POLICY)
  const { version, effectiveFrom } = document
  const kept = await tx
    .insert(policyCopy)
    .values({ version, effectiveFrom: new Date(effectiveFrom), document, recordedAt })
    .onConflictDoNothing()
    .returning({ version: policyCopy.version })
  return kept.length === 1
}

/** The version in force: the highest whose time has come. */
export async function findPolicyCopy(db: Queryable, at: Date): Promise<Policy | undefined> {
  const [row] = await db
    .select({ document: policyCopy.document })
    .from(policyCopy)
    .where(lte(policyCopy.effectiveFrom, at))
    .orderBy(desc(policyCopy.version))
    .limit(1)
  return row?.document
}

/** Of all versions kept, those that are not in force yet too; 0 when there is none. */
export async function newestPolicyVersion(db: Queryable): Promise<number> {
  const [row] = await db
    .select({ version: policyCopy.version })
    .from(policyCopy)
    .orderBy(desc(policyCopy.version))
    .limit(1)
  return row?.version ?? 0
}

export async function putRegistrationCopy(
  tx: Transaction,
  registration: { localId: string; protected: boolean; deceasedOn: string | null; isRemoved?: boolean },
  receivedAt: Date,
): Promise<void> {
  await lockForChange(tx, registration.localId)
  const row = { isRemoved: false, ...registration, receivedAt }
  await tx
    .insert(registrationCopy)
    .values(row)
    .onConflictDoUpdate({ target: registrationCopy.localId, set: row })
}

/** Kept back until the region's own feed says otherwise; what else it said stays. */
export async function keepBack(tx: Transaction, localId: string, at: Date): Promise<void> {
  await lockForChange(tx, localId)
  await tx
    .insert(registrationCopy)
    .values({ localId, protected: true, deceasedOn: null, receivedAt: at })
    .onConflictDoUpdate({ target: registrationCopy.localId, set: { protected: true, receivedAt: at } })
}

/** Keeps what the hub says of registrations elsewhere; of two letters the later counts, in whatever order they come. */
export async function putStandingElsewhere(
  tx: Transaction,
  row: typeof standingElsewhere.$inferInsert,
): Promise<void> {
  await lockForChange(tx, row.localId)
  await tx
    .insert(standingElsewhere)
    .values(row)
    .onConflictDoUpdate({
      target: standingElsewhere.localId,
      set: row,
      setWhere: lt(standingElsewhere.letter, row.letter),
    })
}

/** What the own copy says, and what the hub said of registrations elsewhere, whichever is stricter. */
export async function findRegistrationCopy(
  db: Queryable,
  localId: string,
): Promise<{ protected: boolean; deceasedOn: string | undefined }> {
  const shown = (table: typeof registrationCopy | typeof standingElsewhere) =>
    db
      .select({ protected: table.protected, deceasedOn: table.deceasedOn })
      .from(table)
      .where(eq(table.localId, localId))
  const rows = await unionAll(shown(registrationCopy), shown(standingElsewhere))
  const [deceasedOn] = rows.flatMap((row) => row.deceasedOn ?? []).sort()
  return { protected: rows.some((row) => row.protected), deceasedOn }
}

/** Whether the region ever fed a registration under that id, and then removed it; undefined where it never did. */
export async function isRegistrationRemoved(db: Queryable, localId: string): Promise<boolean | undefined> {
  const [row] = await db
    .select({ isRemoved: registrationCopy.isRemoved })
    .from(registrationCopy)
    .where(eq(registrationCopy.localId, localId))
  return row?.isRemoved
}

/** The day of death that the registration said; undefined where it said none. */
export async function findDeathTold(db: Queryable, localId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ deceasedOn: registrationCopy.deceasedOn })
    .from(registrationCopy)
    .where(eq(registrationCopy.localId, localId))
  return row?.deceasedOn ?? undefined
}

/** Whether that version ended with the registration it was said under. */
export async function hasVersionEnded(db: Queryable, localId: string, version: number): Promise<boolean> {
  const isIt = and(eq(consentCopy.localId, localId), eq(consentCopy.version, version))
  return (await db.$count(consentCopy, and(isIt, isNotNull(consentCopy.endedAt)))) > 0
}
