import { open } from 'node:fs/promises'

/** A line of a file as it was sent; `text` is undefined where it is not UTF-8 or longer than a record may be. */
export interface Line {
  /** Counted from 1. */
  number: number
  text: string | undefined
  /** The same in UTF-8, where the file has it. */
  bytes?: Uint8Array
}

/** Lines on end, as they stand in a file. */
export interface Block {
  /** The numbers of its first line and of its last. */
  first: number
  last: number
  bytes: Uint8Array
}

type Decoder = InstanceType<typeof TextDecoder>

const NEWLINE = 0x0a
const LINE_BYTES_MAX = 256 * 1024
/** Of lines as long as they may be a block of the usual number would be gigabytes. */
const BLOCK_BYTES_MAX = 16 * 2 ** 20
/** In place of a line that is longer: no UTF-8. */
const TOO_LONG = Uint8Array.of(0xff, NEWLINE)
const READ_BYTES = 2 ** 20
/** A block ends with the line that fills it. */
export const BLOCK_MEMORY_BYTES = BLOCK_BYTES_MAX + LINE_BYTES_MAX + TOO_LONG.length

/** The lines of a file of NDJSON, empty ones left out. Holds a block in memory, however long some lines are. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const memory = new ArrayBuffer(BLOCK_MEMORY_BYTES)
  for await (const block of readBlocks(file, { lines: 1_000, memory: () => memory })) yield* linesIn(block)
}

/**
 * The lines behind line `after`, as many at a time at most. They are counted and nothing else: threads read what they
 * say. `memory` gives room for each block.
 */
export async function* readBlocks(
  file: string,
  { lines, after = 0, memory }: { lines: number; after?: number; memory: () => ArrayBufferLike },
): AsyncGenerator<Block> {
  await using handle = await open(file)
  const chunk = Buffer.allocUnsafeSlow(READ_BYTES)
  let block = newBlock(memory(), after + 1)
  for (let number = 1; ; ) {
    const { bytesRead } = await handle.read(chunk, 0, READ_BYTES, null)
    if (bytesRead === 0) break
    for (let start = 0; start < bytesRead; ) {
      const newline = chunk.indexOf(NEWLINE, start)
      const isEnd = newline !== -1 && newline < bytesRead
      const end = isEnd ? newline + 1 : bytesRead
      if (number > after) block.add(chunk.subarray(start, end))
      start = end
      if (!isEnd) continue
      if (number > after) block.endLine()
      number += 1
      if (block.lines() < lines && block.bytes() <= BLOCK_BYTES_MAX) continue
      yield block.finish()
      block = newBlock(memory(), number)
    }
  }
  block.endFile()
  if (block.lines() > 0) yield block.finish()
}

function newBlock(memory: ArrayBufferLike, first: number) {
  const into = new Uint8Array(memory)
  let [lines, end, lineStart] = [0, 0, 0]
  let isTooLong = false
  const add = (bytes: Uint8Array): void => {
    into.set(bytes, end)
    end += bytes.length
  }
  const endLine = (): void => {
    lines += 1
    lineStart = end
    isTooLong = false
  }
  return {
    lines: () => lines,
    bytes: () => end,
    /** More of the line that has not ended; of one that is too long only a mark stays. */
    add(bytes: Uint8Array): void {
      if (isTooLong) return
      isTooLong = end - lineStart + bytes.length > LINE_BYTES_MAX
      if (isTooLong) end = lineStart
      add(isTooLong ? TOO_LONG : bytes)
    },
    endLine,
    /** The last line may end without saying so. */
    endFile(): void {
      if (end > lineStart) endLine()
    },
    finish: (): Block => ({ first, last: first + lines - 1, bytes: new Uint8Array(memory, 0, end) }),
  }
}

/** The lines of a block, empty ones left out. */
export function* linesIn({ first, bytes }: Block): Generator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = first
  for (let start = 0; start < bytes.length; number++) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    const line = bytes.subarray(start, end)
    const text = decoded(decoder, line)
    start = end + 1
    if (text?.trim() !== '') yield { number, text, bytes: line }
  }
}

function decoded(decoder: Decoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
