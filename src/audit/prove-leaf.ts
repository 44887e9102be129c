import type { Queryable } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import {
  consistencyRanges,
  fullNodesOf,
  type Hash,
  inclusionRanges,
  type LeafRange,
  rootOfPeaks,
} from '../trust/index.ts'
import { findEntriesAbout } from './find-entries-store.ts'
import type { AuditKind } from './kinds.ts'
import { detailDigest, leafOf } from './leaf.ts'
import {
  findHashes,
  findLatestCheckpoint,
  findLeafIndex,
  findUnsealedSince,
  type StoredCheckpoint,
} from './store.ts'
import type { ProvenEntry } from './verify-entry.ts'
import type { Growth, Inclusion } from './verify-proof.ts'

/** Of one key and kind; a key of `proveEntry` names one thing that happened once. */
const ENTRIES_MAX = 10

/** That the leaf is in the log, up to the latest checkpoint; undefined when it is not, or not sealed yet. */
export async function proveInclusion(db: Queryable, leaf: string): Promise<Inclusion | undefined> {
  const index = await findLeafIndex(db, Buffer.from(leaf, 'base64url'))
  if (index === undefined) return undefined
  const { size, note } = present(await findLatestCheckpoint(db), 'a leaf has a checkpoint')
  return { leaf, index, size, hashes: await hashesOf(db, inclusionRanges(index, size)), checkpoint: note }
}

/** The newest entry on record under the key, with its proof; undefined when there is none, or it is not sealed yet. */
export async function proveEntry(
  db: Queryable,
  key: string,
  kind: AuditKind,
): Promise<ProvenEntry | undefined> {
  const found = await findEntriesAbout(db, key, [kind], { limit: ENTRIES_MAX })
  const newest = found.at(-1)
  if (newest === undefined) return undefined
  const { number: _number, ...entry } = newest
  const { id, at, salt, detail } = entry
  const leaf = leafOf({ id, kind, at, digest: detailDigest(salt, detail) })
  const proof = await proveInclusion(db, textOf(leaf))
  return proof && { entry, proof }
}

/** That the log of today begins with the log of `from` leaves; undefined when it has no so many. */
export async function proveConsistency(db: Queryable, from: number): Promise<Growth | undefined> {
  const latest = await findLatestCheckpoint(db)
  if (latest === undefined || from > latest.size) return undefined
  const hashes = await hashesOf(db, consistencyRanges(from, latest.size))
  return { from, to: latest.size, hashes, checkpoint: latest.note }
}

/** How far the log is sealed. */
export interface LogState extends StoredCheckpoint {
  /** When the entry that waits longest was recorded; undefined when none waits. */
  unsealedSince: Date | undefined
}

/** The latest checkpoint, and whether the sealer lags behind; undefined until the log was first sealed. */
export async function latestCheckpoint(db: Queryable): Promise<LogState | undefined> {
  const latest = await findLatestCheckpoint(db)
  return latest && { ...latest, unsealedSince: await findUnsealedSince(db) }
}

async function hashesOf(db: Queryable, ranges: readonly LeafRange[]): Promise<string[]> {
  const places = ranges.map(fullNodesOf)
  const found = await findHashes(db, places.flat())
  return places.map(({ length }) => {
    const nodes = found.splice(0, length).map((hash) => present(hash, 'the tree has all its nodes'))
    return textOf(rootOfPeaks(nodes))
  })
}

const textOf = (hash: Hash): string => Buffer.from(hash).toString('base64url')
