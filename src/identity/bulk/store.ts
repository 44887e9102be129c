import { and, eq, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { eachRow } from '../../kernel/binary-rows.ts'
import { copyInto } from '../../kernel/copy-into.ts'
import type { Database, Queryable, Transaction } from '../../kernel/database.ts'
import { link, possibleLink } from '../tables.ts'
import { type EncodedLines, KEY_COLUMNS, KEY_FIELDS, type RefusedLine } from './encode-records.ts'
import { REGISTRATION_COLUMNS } from './registration-rows.ts'
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

/** Of how many rows PostgreSQL makes its statistics, by three hundred. */
const STATISTICS_TARGET = 10

/**
 * Has PostgreSQL count what the tables hold, as it would by itself a minute later: until then it reads them whole for
 * every look-up. Roughly: its usual sample takes seconds, and the plans of look-ups by a key do not depend on more.
 */
export async function analyze(db: Database, tables: readonly PgTable[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('default_statistics_target', ${String(STATISTICS_TARGET)}, true)`)
    for (const table of tables) await tx.execute(sql`analyze ${table}`)
  })
}

/**
 * Which of these ids the region has. Each is looked up: of a join over all of them the planner reads the region. It is
 * not told which region: one that it has not counted yet it takes for empty, and reads whole for every id.
 */
export async function findKnown(
  tx: Transaction,
  region: string,
  localIds: readonly string[],
): Promise<Set<string>> {
  if (localIds.length === 0) return new Set()
  const rows = await tx.execute<{ localId: string }>(sql`
    select asked.local_id as "localId"
      from (select ${region}::text as region, local_id
              from unnest(${sql.param(localIds)}::text[]) as each (local_id) offset 0) as asked
     where (select true from registration
             where registration.region = asked.region and registration.local_id = asked.local_id)`)
  return new Set(rows.map(({ localId }) => localId))
}

/**
 * For the rest of the transaction: triggers that look at all rows of a statement get them in memory. Beyond the usual
 * 4 MB PostgreSQL writes them to a file and reads them back.
 */
export async function keepRowsInMemory(tx: Transaction): Promise<void> {
  await tx.execute(sql`select set_config('work_mem', '64MB', true)`)
}

/** Keeps the records at these places, whose ids are new, with their blocking keys. */
export async function copyNew(
  tx: Transaction,
  { count, rows, ends, keyRows, keyPlaces }: EncodedLines,
  places: readonly number[],
): Promise<void> {
  if (places.length === 0) return
  await copyInto(tx, `registration (${REGISTRATION_COLUMNS})`, runsOf(rows, ends, places))
  const keys = places.length === count ? [keyRows] : [keysOfSome(keyRows, keyPlaces, new Set(places))]
  await copyInto(tx, `registration_key (${KEY_COLUMNS})`, keys)
}

/** In one piece: a part for each would be sent by itself. */
function keysOfSome(rows: Uint8Array, places: Uint32Array, some: ReadonlySet<number>): Uint8Array {
  const kept: Uint8Array[] = []
  let at = 0
  for (const row of eachRow(rows, KEY_FIELDS)) if (some.has(places[at++] as number)) kept.push(row)
  return Buffer.concat(kept)
}

/** The rows at these places; those that stand side by side in one piece. */
function* runsOf(rows: Uint8Array, ends: Uint32Array, places: readonly number[]): Generator<Uint8Array> {
  const startOf = (place: number) => (place === 0 ? 0 : (ends[place - 1] as number))
  for (let at = 0; at < places.length; ) {
    const start = startOf(places[at] as number)
    while (places[at + 1] === (places[at] as number) + 1) at++
    yield rows.subarray(start, ends[places[at] as number])
    at++
  }
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
