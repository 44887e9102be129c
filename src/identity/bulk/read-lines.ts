import { createReadStream } from 'node:fs'

/** A line of a file as it was sent; `text` is undefined where it is not UTF-8 or longer than a record may be. */
export interface Line {
  /** Counted from 1. */
  number: number
  text: string | undefined
}

/** Lines on end, as they stand in a file. */
export interface Block {
  /** The numbers of its first line and of its last. */
  first: number
  last: number
  bytes: Uint8Array<ArrayBuffer>
}

type Decoder = InstanceType<typeof TextDecoder>

const NEWLINE = 0x0a
const LINE_BYTES_MAX = 256 * 1024
/** Of lines as long as they may be a block of the usual number would be gigabytes. */
const BLOCK_BYTES_MAX = 16 * 2 ** 20
/** In place of a line that is longer: no UTF-8. */
const TOO_LONG = Uint8Array.of(0xff, NEWLINE)

/** The lines of a file of NDJSON, empty ones left out. Holds a block in memory, however long some lines are. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  for await (const block of readBlocks(file, 1_000)) yield* linesIn(block)
}

/** The lines behind line `after`, `size` at a time at most. They are counted and nothing else: threads read what they say. */
export async function* readBlocks(file: string, size: number, after = 0): AsyncGenerator<Block> {
  let [first, last] = [after + 1, 0]
  let whole: Uint8Array[] = []
  let wholeBytes = 0
  let rest: Uint8Array[] = []
  let restBytes = 0
  const endLine = (end: Uint8Array): void => {
    last += 1
    const bytes = restBytes + end.length
    if (last > after) {
      whole.push(...(bytes > LINE_BYTES_MAX ? [TOO_LONG] : [...rest, end]))
      wholeBytes += Math.min(bytes, LINE_BYTES_MAX)
    }
    rest = []
    restBytes = 0
  }
  const cut = (): Block => {
    const block = { first, last, bytes: joined(whole) }
    first = last + 1
    whole = []
    wholeBytes = 0
    return block
  }
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      endLine(chunk.subarray(start, at + 1))
      start = at + 1
      if (last - first + 1 === size || wholeBytes > BLOCK_BYTES_MAX) yield cut()
    }
    const tail = chunk.subarray(start)
    if (restBytes <= LINE_BYTES_MAX) rest.push(tail)
    restBytes += tail.length
  }
  if (restBytes > 0) endLine(new Uint8Array())
  if (last >= first) yield cut()
}

/** The lines of a block, empty ones left out. */
export function* linesIn({ first, bytes }: Block): Generator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = first
  for (let start = 0; start < bytes.length; number++) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    const text = decoded(decoder, bytes.subarray(start, end))
    start = end + 1
    if (text?.trim() !== '') yield { number, text }
  }
}

function decoded(decoder: Decoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

/** In memory of its own, which may be handed to another thread. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let end = 0
  for (const part of parts) {
    bytes.set(part, end)
    end += part.length
  }
  return bytes
}
