import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../kernel/database.ts'
import { type Features, NORM } from '../normalise/index.ts'
import { link, possibleLink, registration, registrationKey } from '../tables.ts'
import type { EncodedRecord, RefusedLine } from './encode-records.ts'
import { bulkLoad, bulkRefusal } from './tables.ts'

export type LoadRow = typeof bulkLoad.$inferSelect
export type LoadKey = Pick<LoadRow, 'region' | 'digest'>

const isLoad = (table: typeof bulkLoad | typeof bulkRefusal, key: LoadKey) =>
  and(eq(table.region, key.region), eq(table.digest, key.digest))

export async function findLoad(db: Queryable, key: LoadKey): Promise<LoadRow | undefined> {
  const [row] = await db.select().from(bulkLoad).where(isLoad(bulkLoad, key))
  return row
}

export async function putLoad(tx: Queryable, row: LoadRow): Promise<void> {
  const { region: _region, digest: _digest, startedAt: _startedAt, ...set } = row
  await tx
    .insert(bulkLoad)
    .values(row)
    .onConflictDoUpdate({ target: [bulkLoad.region, bulkLoad.digest], set })
}

/** Forgets how far a file was loaded, so that it is read from its start again. */
export async function deleteLoad(tx: Transaction, key: LoadKey): Promise<void> {
  await tx.delete(bulkRefusal).where(isLoad(bulkRefusal, key))
  await tx.delete(bulkLoad).where(isLoad(bulkLoad, key))
}

export async function insertRefusals(
  tx: Transaction,
  key: LoadKey,
  refused: readonly RefusedLine[],
): Promise<void> {
  if (refused.length === 0) return
  await tx
    .insert(bulkRefusal)
    .values(refused.map(({ line, code, place }) => ({ ...key, line, code, place })))
    .onConflictDoNothing()
}

/** The lines left out and why, in their order. */
export async function listRefusals(db: Queryable, key: LoadKey, max: number): Promise<RefusedLine[]> {
  const rows = await db
    .select()
    .from(bulkRefusal)
    .where(isLoad(bulkRefusal, key))
    .orderBy(bulkRefusal.line)
    .limit(max)
  return rows.map(({ line, code, place }) => ({ line, code, place: place ?? undefined }))
}

/** No JSON text holds it (RFC 8259, section 7): control characters in strings are written as escapes. */
const SEPARATOR = '\u001e'

/**
 * Texts of JSON, one or more, as an array for a statement. Between separators they travel as they are; the driver's
 * own arrays escape every quotation mark, which took a third of the time of the thread that loads.
 */
export function jsonTexts(texts: readonly string[]): SQL {
  return sql`string_to_array(${texts.join(SEPARATOR)}::text, ${SEPARATOR}::text)`
}

/** Keeps those that are new, with their blocking keys, in two statements; gives the ids of these. */
export async function insertNew(
  tx: Transaction,
  region: string,
  records: readonly EncodedRecord[],
  at: Date,
): Promise<Set<string>> {
  if (records.length === 0) return new Set()
  const column = (of: (record: EncodedRecord) => string | null) => sql.param(records.map(of))
  const created = await tx.execute<{ localId: string }>(sql`
    insert into ${registration}
      (region, local_id, version, source, features, norm, birth_date, sex, is_active, is_protected, created_at, updated_at)
    select ${region}, local_id, 1, source, features::jsonb, ${NORM}::int, birth_date, sex, is_active::boolean,
           is_protected::boolean, ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz
      from unnest(${column((each) => each.localId)}::text[], ${jsonTexts(records.map((each) => each.source))},
                  ${jsonTexts(records.map((each) => each.features))}, ${column((each) => each.birthDate)}::text[],
                  ${column((each) => each.sex)}::text[], ${column((each) => String(each.isActive))}::text[],
                  ${column((each) => String(each.isProtected))}::text[])
        as record (local_id, source, features, birth_date, sex, is_active, is_protected)
    on conflict do nothing
    returning local_id as "localId"`)
  const ids = new Set(created.map(({ localId }) => localId))
  const keys = records.flatMap(({ localId, keys }) =>
    ids.has(localId) ? keys.map((key) => ({ localId, key })) : [],
  )
  if (keys.length > 0) {
    await tx.execute(sql`
      insert into ${registrationKey} (key, region, local_id)
      select key, ${region}, local_id
        from unnest(${sql.param(keys.map(({ key }) => key))}::bigint[],
                    ${sql.param(keys.map(({ localId }) => localId))}::text[]) as made (key, local_id)
      on conflict do nothing`)
  }
  return ids
}

/** A link's place in the order of region and id. */
export interface LinkPlace {
  region: string
  localId: string
}

/** The next links after a place. */
export function listLinks(
  db: Queryable,
  after: LinkPlace | undefined,
  max: number,
): Promise<(LinkPlace & { person: string })[]> {
  return db
    .select({ region: link.region, localId: link.localId, person: link.person })
    .from(link)
    .where(after && sql`(${link.region}, ${link.localId}) > (${after.region}, ${after.localId})`)
    .orderBy(link.region, link.localId)
    .limit(max)
}

export function listPossibleLinks(db: Queryable): Promise<(typeof possibleLink.$inferSelect)[]> {
  return db.select().from(possibleLink).orderBy(possibleLink.regionA, possibleLink.localIdA)
}

/** How many registrations are somebody's to link. */
export function countActive(db: Queryable): Promise<number> {
  return db.$count(registration, eq(registration.isActive, true))
}

/** The next of them after a place, in the order of region and id. */
export function listActive(
  db: Queryable,
  after: LinkPlace | undefined,
  max: number,
): Promise<(LinkPlace & { features: Features })[]> {
  const { region, localId, features, isActive } = registration
  return db
    .select({ region, localId, features })
    .from(registration)
    .where(
      and(eq(isActive, true), after && sql`(${region}, ${localId}) > (${after.region}, ${after.localId})`),
    )
    .orderBy(region, localId)
    .limit(max)
}
