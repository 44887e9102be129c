/** Rows in PostgreSQL's binary format for COPY (its manual, "COPY", "Binary Format"), field after field. */
export interface BinaryRows {
  /** Starts a row of so many fields. */
  row(fields: number): void
  text(value: string | null): void
  /** A text as its bytes in UTF-8. */
  utf8(value: Uint8Array): void
  /** The text of a JSON value. */
  jsonb(json: string): void
  int4(value: number): void
  /** In two halves: a bigint would be made for it alone. */
  int8(high: number, low: number): void
  bool(value: boolean): void
  time(value: Date): void
  /** How many bytes there are so far. */
  bytes(): number
  /** All rows, in the memory that they were written to. */
  finish(): Uint8Array
}

const FIRST_BYTES = 1 << 16
/** UTF-8 takes no more for one unit of UTF-16. */
const BYTES_PER_UNIT = 3
const NULL = -1
const JSONB_VERSION = 1
/** PostgreSQL counts from the year 2000, in microseconds. */
const YEAR_2000 = Date.UTC(2000, 0, 1)

/** `memory` is written over; where it does not do, all that was written is copied to a larger one. */
export function binaryRows(memory: ArrayBufferLike = new ArrayBuffer(FIRST_BYTES)): BinaryRows {
  let buffer = Buffer.from(memory as ArrayBuffer)
  let end = 0

  function need(bytes: number): void {
    if (end + bytes <= buffer.length) return
    const larger = Buffer.from(new ArrayBuffer(Math.max(2 * buffer.length, end + bytes)))
    buffer.copy(larger, 0, 0, end)
    buffer = larger
  }
  function bytesOf(value: string, prefix: number): void {
    need(4 + prefix + BYTES_PER_UNIT * value.length)
    const bytes = buffer.write(value, end + 4 + prefix)
    buffer.writeInt32BE(prefix + bytes, end)
    end += 4 + prefix + bytes
  }
  function int4(value: number): void {
    need(8)
    buffer.writeInt32BE(4, end)
    end = buffer.writeInt32BE(value, end + 4)
  }
  function int8(high: number, low: number): void {
    need(12)
    buffer.writeInt32BE(8, end)
    buffer.writeInt32BE(high | 0, end + 4)
    end = buffer.writeInt32BE(low | 0, end + 8)
  }

  return {
    ...{ int4, int8 },
    row(fields) {
      need(2)
      end = buffer.writeInt16BE(fields, end)
    },
    text(value) {
      if (value !== null) return bytesOf(value, 0)
      need(4)
      end = buffer.writeInt32BE(NULL, end)
    },
    utf8(value) {
      need(4 + value.length)
      end = buffer.writeInt32BE(value.length, end)
      buffer.set(value, end)
      end += value.length
    },
    jsonb(json) {
      const start = end + 4
      bytesOf(json, 1)
      buffer[start] = JSONB_VERSION
    },
    bool(value) {
      need(5)
      end = buffer.writeInt32BE(1, end)
      buffer[end++] = value ? 1 : 0
    },
    time(value) {
      const microseconds = 1_000 * (value.getTime() - YEAR_2000)
      const high = Math.floor(microseconds / 2 ** 32)
      int8(high, microseconds - high * 2 ** 32)
    },
    bytes: () => end,
    finish: () => new Uint8Array(buffer.buffer, 0, end),
  }
}

/** Signature, flags and the length of an extension that is not there. */
const HEAD = Buffer.from('PGCOPY\n\u{ff}\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TAIL = Uint8Array.of(0xff, 0xff)

/** Small enough that the server works on the one while the next is on its way. */
const CHUNK_BYTES = 1 << 17

/** What COPY takes: its head, the rows that stand in each part, its end. */
export function* copyStream(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield HEAD
  for (const part of parts) {
    for (let at = 0; at < part.length; at += CHUNK_BYTES) yield part.subarray(at, at + CHUNK_BYTES)
  }
  yield TAIL
}

/** Each row by itself, of so many fields. */
export function* eachRow(rows: Uint8Array, fields: number): Generator<Uint8Array> {
  const buffer = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  for (let start = 0; start < buffer.length; ) {
    const end = fieldAt(buffer, start, fields)
    yield rows.subarray(start, end)
    start = end
  }
}

/** The text in a field of the row that starts `rows`, fields counted from 0; empty for null. */
export function textInRow(rows: Uint8Array, field: number): string {
  const buffer = Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength)
  const at = fieldAt(buffer, 0, field)
  return buffer.toString('utf8', at + 4, at + 4 + Math.max(0, buffer.readInt32BE(at)))
}

/** Where a field starts of the row that starts at `start`; one more than the last ends the row. */
function fieldAt(buffer: Buffer, start: number, field: number): number {
  let at = start + 2
  for (let passed = 0; passed < field; passed++) at += 4 + Math.max(0, buffer.readInt32BE(at))
  return at
}
