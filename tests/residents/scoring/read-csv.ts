import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

const CHUNK_BYTES = 1 << 22

/** The rows of a CSV file (RFC 4180), its header first, read in pieces. */
export function* readCsv(file: string): Generator<string[]> {
  let held = ''
  for (const line of linesOf(file)) {
    const row = held === '' ? line : `${held}\n${line}`
    if (hasOpenQuote(row)) {
      held = row
      continue
    }
    held = ''
    if (row !== '') yield row.includes('"') ? splitQuoted(row) : row.split(',')
  }
  if (held !== '') throw new Error(`${file}: a quoted field is not closed`)
}

/** Where each required column stands in the header. */
export function columnsOf(header: readonly string[], required: readonly string[], file: string): number[] {
  const missing = required.filter((name) => !header.includes(name))
  if (missing.length > 0)
    throw new Error(`${file}: no column ${missing.join(', ')}; there are ${header.join(', ')}`)
  return required.map((name) => header.indexOf(name))
}

function* linesOf(file: string): Generator<string> {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(CHUNK_BYTES)
    const decoder = new StringDecoder('utf8')
    let rest = ''
    for (;;) {
      const count = readSync(descriptor, bytes)
      const text = rest + (count === 0 ? decoder.end() : decoder.write(bytes.subarray(0, count)))
      const lines = text.replaceAll('\r\n', '\n').split('\n')
      rest = lines.pop() ?? ''
      yield* lines
      if (count === 0) break
    }
    if (rest !== '') yield rest
  } finally {
    closeSync(descriptor)
  }
}

function hasOpenQuote(row: string): boolean {
  let quotes = 0
  for (let at = row.indexOf('"'); at >= 0; at = row.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 1
}

function splitQuoted(row: string): string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
  )
}
