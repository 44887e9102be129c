import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { refuse } from '../../vocabulary/index.ts'
import { columnsOf, type FieldMap } from './field-map.ts'
import { patientOfRow, type Row } from './patient-of-row.ts'
import type { Line } from './read-lines.ts'

/** As Node's TextDecoder names them; cp932 is Shift_JIS with the vendors' characters, which the Encoding Standard takes for it. */
export const ENCODINGS = { 'utf-8': 'utf-8', cp932: 'shift_jis', 'euc-jp': 'euc-jp' } as const
export type Encoding = keyof typeof ENCODINGS

type Decoder = InstanceType<typeof TextDecoder>

const RECORD_CHARACTERS_MAX = 64 * 1024

/**
 * The rows of a CSV file (RFC 4180, names of columns in its first row) as Patients. A row with another number of
 * fields, or with bytes that are no text in the encoding, has no `text`. Throws `map-mismatch` where a column that
 * the map names is not there.
 */
export async function* readRows(
  file: string,
  map: FieldMap,
  patientSystem: string,
  encoding: Encoding,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder(ENCODINGS[encoding])
  const decoded = Readable.from(decode(createReadStream(file, { highWaterMark: 1 << 20 }), decoder))
  const parser = parse({
    bom: true,
    info: true,
    relaxColumnCount: true,
    skipEmptyLines: true,
    maxRecordSize: RECORD_CHARACTERS_MAX,
  })
  decoded.on('error', (error) => parser.destroy(error))
  let names: string[] | undefined
  for await (const { record, info } of decoded.pipe(parser) as AsyncIterable<Parsed>) {
    if (names === undefined) {
      names = record.map((name) => name.trim())
      checkColumns(names, map)
      continue
    }
    const isWhole = record.length === names.length && !record.some((field) => field.includes('\u{FFFD}'))
    const text = isWhole ? patientOfRow(rowOf(names, record), map, patientSystem) : undefined
    yield { number: info.lines, text }
  }
}

interface Parsed {
  record: string[]
  info: { lines: number }
}

async function* decode(chunks: AsyncIterable<Buffer>, decoder: Decoder): AsyncGenerator<string> {
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

function checkColumns(names: readonly string[], map: FieldMap): void {
  const missing = columnsOf(map).filter((column) => !names.includes(column))
  if (missing.length > 0) throw refuse('map-mismatch', { at: missing.join(', ') })
}

function rowOf(names: readonly string[], record: readonly string[]): Row {
  return Object.fromEntries(names.map((name, at) => [name, record[at] ?? '']))
}
