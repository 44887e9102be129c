import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { recordAudit } from '../../audit/index.ts'
import type { Context } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import { HubError } from '../../kernel/hub-error.ts'
import { feedRegistration } from '../feed-registration.ts'
import { readPatient } from '../read-patient.ts'
import type { EncodedLines, EncodedRecord, RefusedLine, Sender } from './encode-records.ts'
import { startEncoders } from './encoder-threads.ts'
import type { FieldMap } from './field-map.ts'
import { type Line, readLines } from './read-lines.ts'
import { type Encoding, readRows } from './read-rows.ts'
import {
  deleteLoad,
  findLoad,
  insertNew,
  insertRefusals,
  type LoadKey,
  type LoadRow,
  putLoad,
} from './store.ts'

export interface LoadOrder {
  file: string
  sender: Sender
  /** Of a CSV file; without it the file is NDJSON, a FHIR Patient a line. */
  map?: FieldMap | undefined
  encoding?: Encoding | undefined
  threads?: number | undefined
  /** Lines of one transaction. */
  batchLines?: number | undefined
  /** Read from the first line, whatever was loaded of it before. */
  restart?: boolean | undefined
  /** Told of every batch once it is committed. */
  onProgress?: (load: LoadRow) => void
}

const THREADS = 2
const BATCH_LINES = 2_000
const BATCHES_AHEAD = 3

/**
 * Keeps the registrations of a file: new ones at once and unlinked until everybody is linked anew (`linkEverybody`),
 * changed ones as a feed would, each decided about at once. Goes on after the last line committed where the same
 * file, by its content, was broken off before. Lines that are refused are kept by number and reason.
 */
export async function loadFile(context: Context, order: LoadOrder): Promise<LoadRow> {
  const { file, sender, onProgress = () => {} } = order
  const key: LoadKey = { region: sender.region, digest: await digestOf(file) }
  const startedAt = context.now()
  if (order.restart === true) await context.db.transaction((tx) => deleteLoad(tx, key))
  const before = await findLoad(context.db, key)
  let load: LoadRow = before ?? {
    ...{ ...key, file: basename(file), line: 0, created: 0, changed: 0, unchanged: 0, refused: 0 },
    ...{ startedAt, endedAt: null },
  }
  if (load.endedAt !== null) return load
  await using encoders = startEncoders(order.threads ?? THREADS, sender, startedAt)
  const ahead: { last: number; encoded: Promise<EncodedLines> }[] = []
  const keepFirst = async () => {
    const first = ahead.shift()
    if (first === undefined) return
    load = await keepBatch(context, sender, load, await first.encoded, first.last)
    onProgress(load)
  }
  for await (const batch of batchesOf(linesOf(order, load.line), order.batchLines ?? BATCH_LINES)) {
    const encoded = encoders.encode(batch)
    encoded.catch(() => {})
    ahead.push({ last: batch.at(-1)?.number ?? load.line, encoded })
    if (ahead.length >= BATCHES_AHEAD * (order.threads ?? THREADS)) await keepFirst()
  }
  while (ahead.length > 0) await keepFirst()
  load = { ...load, endedAt: context.now() }
  await putLoad(context.db, load)
  return load
}

/** The lines after those whose outcome is known. */
async function* linesOf({ file, sender, map, encoding }: LoadOrder, after: number): AsyncGenerator<Line> {
  const lines =
    map === undefined ? readLines(file) : readRows(file, map, sender.patientSystem, encoding ?? 'utf-8')
  for await (const line of lines) if (line.number > after) yield line
}

async function* batchesOf(lines: AsyncIterable<Line>, size: number): AsyncGenerator<Line[]> {
  let batch: Line[] = []
  for await (const line of lines) {
    batch.push(line)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** What a batch says, how far the load has come and its line in the log: one transaction. */
function keepBatch(
  context: Context,
  sender: Sender,
  load: LoadRow,
  { records, refused }: EncodedLines,
  last: number,
): Promise<LoadRow> {
  const at = context.now()
  return context.db.transaction(async (tx) => {
    const firsts = [...new Map(records.toReversed().map((record) => [record.localId, record])).values()]
    const plain = firsts.filter(({ isMerged }) => !isMerged)
    const created = await insertNew(tx, sender.region, plain, at)
    const isNew = new Set(firsts.filter(({ localId }) => created.has(localId)))
    const others = records.filter((record) => !isNew.has(record))
    const fed = await feedAll(tx, sender, others, at)
    const left = [...refused, ...fed.refused]
    await insertRefusals(tx, load, left)
    const next: LoadRow = {
      ...load,
      line: last,
      created: load.created + created.size + fed.created,
      changed: load.changed + fed.changed,
      unchanged: load.unchanged + fed.unchanged,
      refused: load.refused + left.length,
    }
    await putLoad(tx, next)
    const { region, digest } = load
    await recordAudit(tx, {
      kind: 'registration.load',
      at,
      detail: {
        ...{ region, file: digest, from: load.line + 1, to: last },
        ...{ created: created.size + fed.created, changed: fed.changed, refused: left.length },
      },
    })
    return next
  })
}

/** Those that are known already, stand twice in the file or were merged: as if fed one after another. */
async function feedAll(
  tx: Transaction,
  { region, patientSystem }: Sender,
  records: readonly EncodedRecord[],
  at: Date,
): Promise<{ created: number; changed: number; unchanged: number; refused: RefusedLine[] }> {
  const outcome = { created: 0, changed: 0, unchanged: 0, refused: [] as RefusedLine[] }
  for (const { line, localId, source } of records) {
    try {
      const read = readPatient(source, at, patientSystem)
      const fed = await tx.transaction((inner) =>
        feedRegistration(inner, { region, patientSystem }, localId, read, at),
      )
      outcome[fed.outcome === 'updated' ? 'changed' : fed.outcome] += 1
    } catch (error) {
      if (!(error instanceof HubError) || error.kind === 'unavailable') throw error
      outcome.refused.push({ line, code: error.code, place: error.at })
    }
  }
  return outcome
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('base64url')
}
