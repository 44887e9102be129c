import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Context } from '../../kernel/context.ts'
import { openDatabase } from '../../kernel/database.ts'
import { registration, registrationKey } from '../tables.ts'
import { type EncodedLines, type Memory, newMemory, type Sender } from './encode-records.ts'
import { startEncoders } from './encoder-threads.ts'
import type { FieldMap } from './field-map.ts'
import { keepBatch } from './keep-batch.ts'
import { type Block, type Line, readBlocks } from './read-lines.ts'
import { type Encoding, readRows } from './read-rows.ts'
import { analyze, deleteLoad, findLoad, type LoadKey, type LoadRow, putLoad } from './store.ts'

export interface LoadOrder {
  file: string
  sender: Sender
  /** Of a CSV file; without it the file is NDJSON, a FHIR Patient a line. */
  map?: FieldMap | undefined
  encoding?: Encoding | undefined
  threads?: number | undefined
  /** Lines of one transaction, at most. */
  batchLines?: number | undefined
  /** Read from the first line, whatever was loaded of it before. */
  restart?: boolean | undefined
  /** Told of every batch once it is committed. */
  onProgress?: (load: LoadRow) => void
}

const THREADS = 2
/** So many that their keys come to each page of the index several at once, and few enough for a feed to wait for them. */
const BATCH_LINES = 10_000
const BATCHES_AHEAD = 2
/** Statements of this many records take seconds on a slow disk. */
const STATEMENT_MS = 600_000

/**
 * Keeps the registrations of a file: new ones at once and unlinked until everybody is linked anew (`linkEverybody`),
 * changed ones as a feed would, each decided about at once. Goes on after the last line committed where the same
 * file, by its content, was broken off before. Lines that are refused are kept by number and reason.
 */
export async function loadFile({ db: shared, ...others }: Context, order: LoadOrder): Promise<LoadRow> {
  const { file, sender, onProgress = () => {} } = order
  await using db = openDatabase(shared.target, { connectionsMax: 1, statementMs: STATEMENT_MS })
  const context = { ...others, db }
  const threads = order.threads ?? THREADS
  await using encoders = startEncoders(threads, sender)
  const key: LoadKey = { region: sender.region, digest: await digestOf(file) }
  const startedAt = context.now()
  if (order.restart === true) await db.transaction((tx) => deleteLoad(tx, key))
  const before = await findLoad(db, key)
  let load: LoadRow = before ?? {
    ...{ ...key, file: basename(file), line: 0, created: 0, changed: 0, unchanged: 0, refused: 0 },
    ...{ startedAt, endedAt: null },
  }
  if (load.endedAt !== null) return load
  const ahead: (Portion & { encoded: Promise<EncodedLines> })[] = []
  const spare: Memory[] = []
  const keepFirst = async () => {
    const first = ahead.shift()
    if (first === undefined) return
    load = await keepBatch(context, sender, load, { encoded: await first.encoded, last: first.last })
    spare.push(first.memory)
    onProgress(load)
  }
  for await (const portion of portionsOf(order, load.line, () => spare.pop() ?? newMemory())) {
    const { lines, memory } = portion
    const encoded = encoders.encode({ lines, memory, at: context.now() })
    encoded.catch(() => {})
    ahead.push({ ...portion, encoded })
    if (ahead.length >= BATCHES_AHEAD * threads) await keepFirst()
  }
  while (ahead.length > 0) await keepFirst()
  await analyze(db, [registration, registrationKey])
  load = { ...load, endedAt: context.now() }
  await putLoad(db, load)
  return load
}

/** What threads read next, as it came, with its last line; nothing of what is before line `after`. */
async function* portionsOf(order: LoadOrder, after: number, take: () => Memory): AsyncGenerator<Portion> {
  const { file, sender, map, encoding, batchLines = BATCH_LINES } = order
  if (map === undefined) {
    let memory = take()
    for await (const block of readBlocks(file, { lines: batchLines, after, memory: () => memory.block })) {
      yield { lines: block, last: block.last, memory }
      memory = take()
    }
    return
  }
  let lines: Line[] = []
  for await (const line of readRows(file, map, sender.patientSystem, encoding ?? 'utf-8')) {
    if (line.number <= after) continue
    if (lines.push(line) < batchLines) continue
    yield { lines, last: line.number, memory: take() }
    lines = []
  }
  if (lines.length > 0) yield { lines, last: lines.at(-1)?.number ?? after, memory: take() }
}

interface Portion {
  lines: Block | Line[]
  last: number
  /** For what the lines are read into and encoded to. */
  memory: Memory
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('base64url')
}
