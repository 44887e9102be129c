import { binaryRows } from '../../kernel/binary-rows.ts'
import { HubError } from '../../kernel/hub-error.ts'
import { refuse, SYSTEMS } from '../../vocabulary/index.ts'
import { addReleaseKeys, emptyKeys, type KeyColumns, sortKeys } from '../linkage/index.ts'
import { localIdSchema } from '../patient-schema.ts'
import { type ReadPatient, readPatient } from '../read-patient.ts'
import { BLOCK_MEMORY_BYTES, type Line } from './read-lines.ts'
import { addRegistration } from './registration-rows.ts'

/** Whose records are read. */
export interface Sender {
  region: string
  patientSystem: string
  /** Every other region's: an id in one of them says where somebody else is registered. */
  otherSystems: readonly string[]
}

/** A line that is left out, with the reason and nothing of what it says. */
export interface RefusedLine {
  line: number
  code: string
  place: string | undefined
}

/** Records ready for the database; one is named by its place, counted from 0 in the order of lines. */
export interface EncodedLines {
  count: number
  lines: Uint32Array
  /** As `addRegistration` writes them, one after another, and where each ends. */
  rows: Uint8Array
  ends: Uint32Array
  /** Blocking keys as `KEY_COLUMNS` has them, in the order in which their index takes them fastest. */
  keyRows: Uint8Array
  /** The record of each key. */
  keyPlaces: Uint32Array
  /** Places of those whose id came before, and of those replaced by another: fed, since each is decided about. */
  fed: number[]
  refused: RefusedLine[]
}

export const KEY_COLUMNS = 'key, region, local_id'
export const KEY_FIELDS = 3

/**
 * What a batch is written to, both by the thread that reads its lines and by the one that encodes them, and written
 * over by a later batch: to collect such megabytes takes each thread longer than to fill them.
 */
export interface Memory {
  block: SharedArrayBuffer
  rows: SharedArrayBuffer
  keyRows: SharedArrayBuffer
}

const RECORDS_EXPECTED = 10_000
/** A record with what it is folded to, and one with its keys. What is not written takes no memory. */
const BYTES_EXPECTED = 2_000
const KEY_BYTES_EXPECTED = 250
const KEYS_EXPECTED = 6

export function newMemory(): Memory {
  return {
    block: new SharedArrayBuffer(BLOCK_MEMORY_BYTES),
    rows: new SharedArrayBuffer(RECORDS_EXPECTED * BYTES_EXPECTED),
    keyRows: new SharedArrayBuffer(RECORDS_EXPECTED * KEY_BYTES_EXPECTED),
  }
}

/** Each line stands alone: what is wrong with one is said of that one. */
export function encodeLines(lines: Iterable<Line>, sender: Sender, at: Date, memory: Memory): EncodedLines {
  const rows = binaryRows(memory.rows)
  const [localIds, numbers, ends, fed]: [string[], number[], number[], number[]] = [[], [], [], []]
  const seen = new Set<string>()
  const keys = emptyKeys(KEYS_EXPECTED * RECORDS_EXPECTED)
  const refused: RefusedLine[] = []
  for (const line of lines) {
    try {
      if (line.text === undefined) throw refuse('body-malformed')
      const read = readPatient(line.text, at, sender.patientSystem)
      const localId = ownId(read, sender)
      addRegistration(rows, { region: sender.region, localId }, read, line, at)
      const place = localIds.push(localId) - 1
      numbers.push(line.number)
      ends.push(rows.bytes())
      if (read.isActive) addReleaseKeys(keys, read.features, place)
      const before = seen.size
      seen.add(localId)
      if (read.replacedBy !== undefined || seen.size === before) fed.push(place)
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      refused.push({ line: line.number, code: error.code, place: error.at })
    }
  }
  sortKeys(keys, emptyKeys(keys.count))
  return {
    ...{ count: localIds.length, fed, refused, rows: rows.finish() },
    ...{ lines: Uint32Array.from(numbers), ends: Uint32Array.from(ends) },
    ...{ keyRows: rowsOf(keys, sender.region, localIds, memory.keyRows) },
    keyPlaces: keys.place.slice(0, keys.count),
  }
}

function rowsOf(
  { high, low, place, count }: KeyColumns,
  region: string,
  localIds: readonly string[],
  memory: SharedArrayBuffer,
): Uint8Array {
  const rows = binaryRows(memory)
  for (let at = 0; at < count; at++) {
    rows.row(KEY_FIELDS)
    rows.int8(high[at] as number, low[at] as number)
    rows.text(region)
    rows.text(localIds[place[at] as number] as string)
  }
  return rows.finish()
}

/** Exactly one id in the region's own system, and none in another region's. */
function ownId({ patient: { identifier = [] } }: ReadPatient, sender: Sender): string {
  const own = identifier.filter(({ system }) => system === sender.patientSystem)
  const [first] = own
  if (first === undefined || own.length > 1 || !localIdSchema.safeParse(first.value).success)
    throw refuse('resource-invalid', { at: 'Patient.identifier' })
  const isForeign = ({ system = '' }) =>
    system !== SYSTEMS.insuredNumber && sender.otherSystems.includes(system)
  if (identifier.some(isForeign)) throw refuse('foreign-patient-domain', { at: 'Patient.identifier' })
  return first.value
}
