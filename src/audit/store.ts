import { and, desc, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import type { Hash, NodePlace } from '../trust/index.ts'
import type { ExportEntry } from './export-format.ts'
import { utcText } from './find-entries-store.ts'
import type { LeafContent } from './leaf.ts'
import { auditCheckpoint, auditEntry, auditLeaf, auditUnsealed } from './tables.ts'

export interface NewEntry extends LeafContent {
  salt: string
  detail: string
  leaf: Hash
  about: readonly string[]
}

/** One statement, so that entries are there whole or not at all. */
export async function insertEntries(tx: Transaction, entries: readonly NewEntry[]): Promise<void> {
  await tx.execute(sql`with ${writingEntries(entries, sql`true`)} select`)
}

/**
 * Parts of a statement that write entries, with details, places in the queue and what they are found by, where the
 * condition holds. The rows travel as one JSON text: the details are texts inside it, and arrive to the letter.
 */
export function writingEntries(entries: readonly NewEntry[], condition: SQL): SQL {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  const rows = entries.map(({ digest, salt, leaf, ...row }, at) => ({
    ...row,
    place: at + 1,
    digest: hex(Buffer.from(digest, 'base64url')),
    salt: hex(Buffer.from(salt, 'base64url')),
    leaf: hex(leaf),
  }))
  return sql`
    given as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as row (
        place int, id text, kind text, at timestamptz, digest text, salt text, detail text, leaf text, about json)
       where ${condition}),
    entry as (
      insert into audit_entry (id, kind, recorded_at, digest)
      select id, kind, at, decode(digest, 'hex') from given
      returning number, id),
    detail as (
      insert into audit_detail (entry, salt, detail)
      select number, decode(salt, 'hex'), detail from entry join given using (id)),
    about as (
      insert into audit_about (key, entry)
      select key, number from entry join given using (id), json_array_elements_text(about) as each (key)),
    unsealed as (
      insert into audit_unsealed (entry, leaf_hash)
      select number, decode(leaf, 'hex') from entry join given using (id))`
}

/**
 * The fencing number of `holder` if it leads, undefined if another does. Leadership is the lock on this row while
 * a pass runs, and the lease in between; each new leader raises the number.
 */
export async function takeLead(
  tx: Transaction,
  holder: string,
  leaseMs: number,
): Promise<number | undefined> {
  const [row] = await tx.execute<{ fence: string }>(sql`
    with free as (
      select log from audit_fence
       where holder = ${holder} or expires_at <= clock_timestamp()
         for update skip locked)
    update audit_fence
       set fence = fence + (holder <> ${holder})::int, holder = ${holder},
           expires_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
      from free where audit_fence.log = free.log
    returning fence`)
  return row === undefined ? undefined : Number(row.fence)
}

export async function endLease(db: Queryable, holder: string): Promise<void> {
  await db.execute(sql`update audit_fence set expires_at = '-infinity' where holder = ${holder}`)
}

/** Whether a pass would find anything: entries to seal, or a log that has no checkpoint at all yet. */
export async function needsSealing(db: Queryable): Promise<boolean> {
  const [row] = await db.execute<{ needed: boolean }>(sql`
    select exists (select from audit_unsealed) or not exists (select from audit_checkpoint) as needed`)
  return row?.needed === true
}

/**
 * Moves entries from the queue to the end of the tree. A queue, not a cursor: a transaction that began early and
 * commits late is sealed late; it is neither skipped, nor does it hold up everybody else's promises. A range, not
 * a list of entries: after a vacuum of the empty queue the planner believes that it stays empty, and compared
 * every listed entry with every waiting one (20,000 of them: more than a minute).
 */
export async function appendLeaves(tx: Transaction, size: number, entriesMax: number): Promise<Hash[]> {
  const rows = await tx.execute<{ index: string; leaf: Buffer }>(sql`
    with batch as (
      delete from audit_unsealed
       where entry <= (select max(entry)
                         from (select entry from audit_unsealed order by entry limit ${entriesMax}) first)
      returning entry, leaf_hash)
    insert into audit_leaf (index, entry, leaf_hash)
    select ${size}::bigint + row_number() over (order by entry) - 1, entry, leaf_hash from batch
    returning index, leaf_hash as leaf`)
  return rows.toSorted((a, b) => Number(a.index) - Number(b.index)).map(({ leaf }) => leaf)
}

/** The hashes travel as hexadecimal: the driver takes an array of bytea for a bytea. */
export async function insertNodes(
  tx: Transaction,
  nodes: readonly (NodePlace & { hash: Hash })[],
): Promise<void> {
  await tx.execute(sql`
    insert into audit_node (level, index, hash)
    select level, index, decode(hash, 'hex')
      from unnest(${sql.param(nodes.map(({ level }) => level))}::smallint[],
                  ${sql.param(nodes.map(({ index }) => index))}::bigint[],
                  ${sql.param(nodes.map(({ hash }) => Buffer.from(hash).toString('hex')))}::text[])
           as node (level, index, hash)`)
}

export async function countLeaves(db: Queryable): Promise<number> {
  const [last] = await db
    .select({ index: auditLeaf.index })
    .from(auditLeaf)
    .orderBy(desc(auditLeaf.index))
    .limit(1)
  return last === undefined ? 0 : last.index + 1
}

export async function findLeafIndex(db: Queryable, leaf: Hash): Promise<number | undefined> {
  const [found] = await db
    .select({ index: auditLeaf.index })
    .from(auditLeaf)
    .where(eq(auditLeaf.leafHash, leaf))
  return found?.index
}

/** The hashes at these places, in their order; undefined where the tree has no such node. */
export async function findHashes(db: Queryable, places: readonly NodePlace[]): Promise<(Hash | undefined)[]> {
  if (places.length === 0) return []
  const rows = await db.execute<{ place: number; hash: Buffer }>(sql`
    with wanted as materialized (
      select * from unnest(${sql.param(places.map(({ level }) => level))}::smallint[],
                           ${sql.param(places.map(({ index }) => index))}::bigint[])
               with ordinality as each (level, index, place))
    select place::int, hash from wanted join audit_node using (level, index)
    union all
    select place::int, leaf_hash from wanted join audit_leaf using (index) where wanted.level = 0`)
  const found = new Map(rows.map(({ place, hash }) => [place, hash]))
  return places.map((_, index) => found.get(index + 1))
}

export interface StoredCheckpoint {
  size: number
  root: Hash
  note: string
  sealedAt: Date
}

export async function insertCheckpoint(
  tx: Transaction,
  checkpoint: StoredCheckpoint & { fence: number },
): Promise<void> {
  await tx.insert(auditCheckpoint).values(checkpoint)
}

export async function findLatestCheckpoint(db: Queryable): Promise<StoredCheckpoint | undefined> {
  const { size, root, note, sealedAt } = auditCheckpoint
  const [latest] = await db
    .select({ size, root, note, sealedAt })
    .from(auditCheckpoint)
    .orderBy(desc(size))
    .limit(1)
  return latest
}

/** When the entry that waits longest for the sealer was recorded. */
export async function findUnsealedSince(db: Queryable): Promise<Date | undefined> {
  const [oldest] = await db
    .select({ at: auditEntry.recordedAt })
    .from(auditUnsealed)
    .innerJoin(auditEntry, eq(auditEntry.number, auditUnsealed.entry))
    .orderBy(auditUnsealed.entry)
    .limit(1)
  return oldest?.at
}

/** The last checkpoint signed within a range of sizes, its end included. */
export async function findCheckpointWithin(
  db: Queryable,
  range: { start: number; end: number },
): Promise<string | undefined> {
  const { size, note } = auditCheckpoint
  const [last] = await db
    .select({ note })
    .from(auditCheckpoint)
    .where(and(gt(size, range.start), lte(size, range.end)))
    .orderBy(desc(size))
    .limit(1)
  return last?.note
}

/** A page of the log for exporting. What a row should have and has not is null, for the checker to find. */
export async function findEntries(
  db: Queryable,
  range: { start: number; end: number },
): Promise<ExportEntry[]> {
  const rows = await db.execute<EntryRow>(sql`
    select leaf.index, entry.id, entry.kind,
           ${utcText} as at,
           entry.digest, detail.salt, detail.detail, leaf.leaf_hash as leaf
      from audit_leaf leaf
      left join audit_entry entry on entry.number = leaf.entry
      left join audit_detail detail on detail.entry = leaf.entry
     where leaf.index >= ${range.start} and leaf.index < ${range.end}
     order by leaf.index`)
  return rows.map(({ index, id, kind, at, digest, salt, detail, leaf }) => ({
    index: Number(index),
    id,
    kind,
    at,
    digest: digest?.toString('base64url') ?? null,
    salt: salt?.toString('base64url') ?? null,
    detail,
    leaf: leaf.toString('base64url'),
  }))
}

type EntryRow = Record<'id' | 'kind' | 'at' | 'detail', string | null> &
  Record<'digest' | 'salt', Buffer | null> & { index: string; leaf: Buffer }
