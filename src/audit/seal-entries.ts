import type { Database, Transaction } from '../kernel/database.ts'
import { must, present } from '../kernel/must.ts'
import {
  EMPTY_ROOT,
  fullNodesOf,
  growPeaks,
  type Hash,
  type NodePlace,
  type Peaks,
  rootOfPeaks,
} from '../trust/index.ts'
import { type Checkpoint, signCheckpoint } from './checkpoint.ts'
import type { LogSigner } from './signed-note.ts'
import {
  appendLeaves,
  countLeaves,
  findHashes,
  findLatestCheckpoint,
  insertCheckpoint,
  insertNodes,
  needsSealing,
  takeLead,
} from './store.ts'

/** One sealer among the processes of a hub. `holder` is its own, random name. */
export interface Sealer {
  holder: string
  signer: LogSigner
  now: () => Date
  /** How long it leads after a pass, should it fall silent. */
  leaseMs?: number
  /** Entries of one pass. */
  entriesMax?: number
}

const LEASE_MS = 5_000
const ENTRIES_MAX = 5_000

/** `following` means that another sealer leads. */
export type Pass = { role: 'leading'; sealed: number } | { role: 'following' } | { role: 'idle' }

/**
 * One pass: what waits becomes leaves, the tree grows, a checkpoint is signed; all of it or nothing. A note that
 * was signed but not committed goes nowhere: readers only ever see the stored one.
 */
export async function sealEntries(db: Database, sealer: Sealer): Promise<Pass> {
  if (!(await needsSealing(db))) return { role: 'idle' }
  return db.transaction(async (tx) => {
    const fence = await takeLead(tx, sealer.holder, sealer.leaseMs ?? LEASE_MS)
    if (fence === undefined) return { role: 'following' }
    const signed = await findLatestCheckpoint(tx)
    const peaks = await readPeaks(tx, signed ?? { size: 0, root: EMPTY_ROOT })
    const leaves = await appendLeaves(tx, peaks.size, sealer.entriesMax ?? ENTRIES_MAX)
    await insertNodes(tx, growByAll(peaks, leaves))
    if (leaves.length > 0 || signed === undefined) await keepCheckpoint(tx, sealer, peaks, fence)
    return { role: 'leading', sealed: leaves.length }
  })
}

/** The tree as it was signed last. A sealer never builds on anything else. */
async function readPeaks(tx: Transaction, signed: Checkpoint): Promise<Peaks> {
  const size = await countLeaves(tx)
  must(size === signed.size, 'the log has the size that was signed last')
  const hashes = (await findHashes(tx, fullNodesOf({ start: 0, end: size }))).map((hash) =>
    present(hash, 'the tree has all its nodes'),
  )
  must(Buffer.compare(rootOfPeaks(hashes), signed.root) === 0, 'the log has the root that was signed last')
  return { size, hashes }
}

function growByAll(peaks: Peaks, leaves: readonly Hash[]): (NodePlace & { hash: Hash })[] {
  const nodes: (NodePlace & { hash: Hash })[] = []
  for (const leaf of leaves) growPeaks(peaks, leaf, (node) => nodes.push(node))
  return nodes
}

async function keepCheckpoint(tx: Transaction, sealer: Sealer, peaks: Peaks, fence: number): Promise<void> {
  const checkpoint = { size: peaks.size, root: rootOfPeaks(peaks.hashes) }
  const note = await signCheckpoint(checkpoint, sealer.signer)
  await insertCheckpoint(tx, { ...checkpoint, note, sealedAt: sealer.now(), fence })
}
