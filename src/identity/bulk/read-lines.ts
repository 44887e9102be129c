import { createReadStream } from 'node:fs'

/** A line of a file as it was sent; `text` is undefined where it is not UTF-8 or longer than a record may be. */
export interface Line {
  /** Counted from 1. */
  number: number
  text: string | undefined
}

type Decoder = InstanceType<typeof TextDecoder>

const NEWLINE = 0x0a
const LINE_BYTES_MAX = 256 * 1024

/** The lines of a file of NDJSON, empty ones left out. Holds one line in memory, however long others say they are. */
export async function* readLines(file: string): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let number = 0
  let rest: Buffer[] = []
  let restBytes = 0
  const take = (end: Buffer): Line | undefined => {
    number += 1
    const isTooLong = restBytes + end.length > LINE_BYTES_MAX
    const bytes = rest.length === 0 ? end : Buffer.concat([...rest, end])
    rest = []
    restBytes = 0
    if (isTooLong) return { number, text: undefined }
    const text = decoded(decoder, bytes)
    return text?.trim() === '' ? undefined : { number, text }
  }
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      const line = take(chunk.subarray(start, at))
      if (line !== undefined) yield line
      start = at + 1
    }
    const tail = chunk.subarray(start)
    if (restBytes <= LINE_BYTES_MAX) rest.push(tail)
    restBytes += tail.length
  }
  if (restBytes > 0) {
    const line = take(Buffer.alloc(0))
    if (line !== undefined) yield line
  }
}

function decoded(decoder: Decoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
