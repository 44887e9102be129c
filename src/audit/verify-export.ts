import { EMPTY_ROOT, growPeaks, type Hash, type Peaks, rootOfPeaks } from '../trust/index.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import type { ExportFault } from './export-faults.ts'
import {
  type ExportEntry,
  exportCheckpointSchema,
  exportEntrySchema,
  exportHeaderSchema,
  readExportLine,
} from './export-format.ts'
import { detailDigest, leafOf } from './leaf.ts'
import type { LogIdentity } from './signed-note.ts'

/** What the one who checks knows from elsewhere. Without any of it, only the file's own word is checked. */
export interface KnownOfLog {
  publicKey?: Uint8Array
  /** Notes seen before, at a gateway say: only they show a cut tail, or a log rewritten with its own key. */
  checkpoints?: readonly string[]
  /** Leaves promised in mandates and receipts, whose deadline had passed when the export was made. */
  promises?: readonly { leaf: string }[]
}

export interface ExportVerdict {
  unbroken: boolean
  fault?: ExportFault
  /** Index of the first entry that is broken, or may be. */
  at?: number
  /** With `tree-differs`: the entries from `at` up to, but not including, this one hold the change. */
  until?: number
  entries: number
  origin?: string
  /** Base64url, as far as was read. */
  root: string
  /** Whether the key was known beforehand or taken from the file, which proves nothing about who wrote it. */
  keyFrom: 'checker' | 'file'
  promises: { leaf: string; index: number | null }[]
}

interface Reading {
  peaks: Peaks
  log: LogIdentity
  /** The size of the last checkpoint that held. */
  proven: number
  /** The size of the last known checkpoint that was met. */
  agreed: number
  known: Map<number, Hash[]>
  promised: Map<string, number | null>
}

type Broken = { fault: ExportFault; at?: number; until?: number }

/** Checks an exported log in constant memory, with no database and no private key. Stops at the first fault. */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  known: KnownOfLog = {},
): Promise<ExportVerdict> {
  let reading: Reading | undefined
  let broken: Broken | undefined
  for await (const line of lines) {
    if (reading === undefined) {
      const begun = begin(line, known)
      if ('fault' in begun) return verdict(undefined, begun, known)
      reading = begun
      broken = differsFromKnown(reading)
    } else {
      broken = line.startsWith('{"checkpoint"') ? readCheckpoint(reading, line) : readEntry(reading, line)
    }
    if (broken !== undefined) return verdict(reading, broken, known)
  }
  if (reading === undefined) return verdict(undefined, { fault: 'header-invalid' }, known)
  return verdict(reading, end(reading), known)
}

function begin(line: string, known: KnownOfLog): Reading | Broken {
  const header = readExportLine(exportHeaderSchema, line)
  if (header === undefined) return { fault: 'header-invalid' }
  const named = Buffer.from(header.publicKey, 'base64url')
  if (known.publicKey !== undefined && !named.equals(known.publicKey)) return { fault: 'another-key' }
  const log = { origin: header.origin, publicKey: named }
  const checkpoints = (known.checkpoints ?? []).map((note) => openCheckpoint(note, log))
  if (checkpoints.includes(undefined)) return { fault: 'known-checkpoint-not-signed' }
  return {
    peaks: { size: 0, hashes: [] },
    log,
    proven: -1,
    agreed: 0,
    known: bySize(checkpoints as Checkpoint[]),
    promised: new Map(known.promises?.map(({ leaf }) => [leaf, null])),
  }
}

function bySize(checkpoints: readonly Checkpoint[]): Map<number, Hash[]> {
  const grouped = Map.groupBy(checkpoints, ({ size }) => size)
  return new Map([...grouped].map(([size, same]) => [size, same.map(({ root }) => root)]))
}

function readEntry(reading: Reading, line: string): Broken | undefined {
  const at = reading.peaks.size
  const entry = readExportLine(exportEntrySchema, line)
  if (entry === undefined) return { fault: 'line-invalid', at }
  const fault = faultOfEntry(entry, at)
  if (fault !== undefined) return { fault, at }
  growPeaks(reading.peaks, Buffer.from(entry.leaf, 'base64url'))
  if (reading.promised.has(entry.leaf)) reading.promised.set(entry.leaf, at)
  return differsFromKnown(reading)
}

function faultOfEntry(entry: ExportEntry, expectedIndex: number): ExportFault | undefined {
  const { index, id, kind, at, digest, salt, detail, leaf } = entry
  if (index !== expectedIndex) return 'entry-out-of-order'
  if (id === null || kind === null || at === null || digest === null) return 'entry-missing'
  if (salt === null || detail === null) return 'detail-missing'
  if (detailDigest(salt, detail) !== digest) return 'detail-changed'
  if (textOf(leafOf({ id, kind, at, digest })) !== leaf) return 'entry-changed'
  return undefined
}

function readCheckpoint(reading: Reading, line: string): Broken | undefined {
  const { size, hashes } = reading.peaks
  const note = readExportLine(exportCheckpointSchema, line)?.checkpoint
  if (note === undefined) return { fault: 'line-invalid', at: size }
  const checkpoint = openCheckpoint(note, reading.log)
  if (checkpoint === undefined) return { fault: 'checkpoint-not-signed', at: size }
  if (checkpoint.size !== size) return { fault: 'checkpoint-misplaced', at: size }
  if (!isSame(checkpoint.root, rootOfPeaks(hashes))) {
    return { fault: 'tree-differs', at: Math.max(reading.proven, 0), until: size }
  }
  reading.proven = size
  return undefined
}

/** The log's own checkpoints say nothing here: who rewrote it has signed them anew. */
function differsFromKnown(reading: Reading): Broken | undefined {
  const { peaks, known, agreed } = reading
  const roots = known.get(peaks.size)
  if (roots === undefined) return undefined
  const root = rootOfPeaks(peaks.hashes)
  if (!roots.every((each) => isSame(each, root))) {
    return { fault: 'differs-from-known-checkpoint', at: agreed, until: peaks.size }
  }
  reading.agreed = peaks.size
  return undefined
}

function end({ peaks, proven, known, promised }: Reading): Broken | undefined {
  if (proven !== peaks.size) return { fault: 'end-missing', at: peaks.size }
  if ([...known.keys()].some((size) => size > peaks.size)) {
    return { fault: 'shorter-than-known-checkpoint', at: peaks.size }
  }
  return [...promised.values()].includes(null) ? { fault: 'promise-broken' } : undefined
}

function verdict(reading: Reading | undefined, broken: Broken | undefined, known: KnownOfLog): ExportVerdict {
  const promised = reading?.promised ?? new Map(known.promises?.map(({ leaf }) => [leaf, null]))
  return {
    unbroken: broken === undefined,
    ...broken,
    entries: reading?.peaks.size ?? 0,
    ...(reading && { origin: reading.log.origin }),
    root: textOf(reading === undefined ? EMPTY_ROOT : rootOfPeaks(reading.peaks.hashes)),
    keyFrom: known.publicKey === undefined ? 'file' : 'checker',
    promises: [...promised].map(([leaf, index]) => ({ leaf, index })),
  }
}

const textOf = (hash: Hash): string => Buffer.from(hash).toString('base64url')
const isSame = (a: Hash, b: Hash): boolean => Buffer.compare(a, b) === 0
