import { TextDecoder } from 'node:util'

const LINE_FEED = 0x0a

/** An entry's detail is at most 64 KiB, and at most doubled by being quoted in a line. */
const LINE_BYTES_MAX = 256 * 1024

/**
 * The lines of a stream of bytes, each of a bounded length. What is too long or not UTF-8 comes out as an empty
 * line, which no format here allows, and ends the reading.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      const line = decoded(decoder, bytes.subarray(start, end))
      yield line
      if (line === '') return
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > LINE_BYTES_MAX) {
      yield ''
      return
    }
  }
  if (rest.length > 0) yield decoded(decoder, rest)
}

function decoded(decoder: TextDecoder, line: Uint8Array): string {
  try {
    return line.length > LINE_BYTES_MAX ? '' : decoder.decode(line)
  } catch {
    return ''
  }
}
