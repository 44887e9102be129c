import { and, eq, gt, inArray, or, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import type { Features } from './encode-registration.ts'
import { handle, link, linkEvent, person, possibleLink, registration } from './tables.ts'

export type RegistrationRow = typeof registration.$inferSelect

/** The columns by which two registrations are found worth comparing: every rule needs an equal birth date. */
export function blockingKeys(features: Features) {
  const { family, given, insured, birthDate, sex } = features
  const full = (form: 'kanji' | 'kana') =>
    family[form] === undefined || given[form] === undefined ? null : `${family[form]} ${given[form]}`
  return {
    birthDate: birthDate ?? null,
    sex: sex ?? null,
    household: insured === undefined ? null : `${insured.insurer}:${insured.symbol}:${insured.number}`,
    nameKanji: full('kanji'),
    nameKana: full('kana'),
  }
}
export type BlockingKeys = ReturnType<typeof blockingKeys>

export async function findRegistration(
  db: Queryable,
  region: string,
  localId: string,
): Promise<RegistrationRow | undefined> {
  const [row] = await db
    .select()
    .from(registration)
    .where(and(eq(registration.region, region), eq(registration.localId, localId)))
  return row
}

export async function upsertRegistration(
  tx: Transaction,
  row: Omit<typeof registration.$inferInsert, 'id'>,
): Promise<{ id: number }> {
  const { region: _region, localId: _localId, ...set } = row
  const [kept] = await tx
    .insert(registration)
    .values(row)
    .onConflictDoUpdate({ target: [registration.region, registration.localId], set })
    .returning({ id: registration.id })
  if (kept === undefined) throw new Error('An upsert returns its row.')
  return kept
}

/** Everybody born that day who shares an insured number or a full name with one of the keys; ids ascending. */
export async function findCandidates(
  db: Queryable,
  keys: readonly BlockingKeys[],
  max: number,
): Promise<RegistrationRow[]> {
  const birthDate = keys[0]?.birthDate
  if (birthDate === undefined || birthDate === null) return []
  const values = (name: 'household' | 'nameKanji' | 'nameKana') => keys.flatMap((key) => key[name] ?? [])
  const conditions = (['household', 'nameKanji', 'nameKana'] as const).flatMap((name) => {
    const some = [...new Set(values(name))]
    return some.length === 0 ? [] : [inArray(registration[name], some)]
  })
  if (conditions.length === 0) return []
  return db
    .select()
    .from(registration)
    .where(and(eq(registration.birthDate, birthDate), or(...conditions)))
    .orderBy(registration.id)
    .limit(max)
}

/** Serialises all linking among people born on the same days, so that two processes never decide one pair at once. */
export async function lockBirthDates(tx: Transaction, dates: readonly (string | null)[]): Promise<void> {
  const sorted = [...new Set(dates.filter((date) => date !== null))].sort()
  for (const date of sorted) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`birth-date:${date}`}, 0))`)
  }
}

export async function findLinks(db: Queryable, registrations: readonly number[]) {
  return registrations.length === 0
    ? []
    : db
        .select()
        .from(link)
        .where(inArray(link.registration, [...registrations]))
}

/** The ids of everybody now held to be one of these persons. */
export async function findMembers(db: Queryable, persons: readonly string[]): Promise<RegistrationRow[]> {
  if (persons.length === 0) return []
  const rows = await db
    .select({ registration })
    .from(link)
    .innerJoin(registration, eq(registration.id, link.registration))
    .where(inArray(link.person, [...persons]))
    .orderBy(registration.id)
  return rows.map((row) => row.registration)
}

export async function insertPerson(tx: Transaction, id: string, at: Date): Promise<void> {
  await tx.insert(person).values({ id, createdAt: at })
}

export async function putLink(
  tx: Transaction,
  row: typeof link.$inferInsert,
  before: string | undefined,
): Promise<void> {
  const { registration: id, ...set } = row
  await tx.insert(link).values(row).onConflictDoUpdate({ target: link.registration, set })
  if (before === row.person) return
  await tx.insert(linkEvent).values({
    registration: id,
    before: before ?? null,
    after: row.person,
    rule: row.rule,
    explanation: row.explanation,
    at: row.decidedAt,
  })
}

/** Replaces what waits for a person among the given registrations. */
export async function replacePossibleLinks(
  tx: Transaction,
  among: readonly number[],
  pairs: readonly { a: number; b: number; reasons: string[] }[],
  since: Date,
): Promise<void> {
  const ids = [...among]
  await tx.delete(possibleLink).where(and(inArray(possibleLink.a, ids), inArray(possibleLink.b, ids)))
  if (pairs.length > 0) {
    await tx
      .insert(possibleLink)
      .values(pairs.map((pair) => ({ ...pair, since })))
      .onConflictDoNothing()
  }
}

export async function deleteRegistration(tx: Transaction, id: number): Promise<void> {
  await tx.delete(registration).where(eq(registration.id, id))
}

export async function insertLinkRemoval(
  tx: Transaction,
  id: number,
  before: string,
  at: Date,
): Promise<void> {
  await tx
    .insert(linkEvent)
    .values({ registration: id, before, after: null, rule: 'removed', explanation: {}, at })
}

export async function insertHandle(tx: Transaction, row: typeof handle.$inferInsert): Promise<void> {
  await tx.insert(handle).values(row)
}

export async function findHandle(
  db: Queryable,
  hash: string,
  holder: { region: string; institution: string; at: Date },
): Promise<string | undefined> {
  const [row] = await db
    .select({ person: handle.person })
    .from(handle)
    .where(
      and(
        eq(handle.hash, hash),
        eq(handle.region, holder.region),
        eq(handle.institution, holder.institution),
        gt(handle.expiresAt, holder.at),
      ),
    )
  return row?.person
}
