import { binaryRows } from '../../kernel/binary-rows.ts'
import { HubError } from '../../kernel/hub-error.ts'
import { refuse, SYSTEMS } from '../../vocabulary/index.ts'
import { columnsBuilder, type KeyColumns, releaseKeysInOrder } from '../linkage/index.ts'
import { localIdSchema } from '../patient-schema.ts'
import { type ReadPatient, readPatient } from '../read-patient.ts'
import type { Line } from './read-lines.ts'
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
  localIds: string[]
  lines: Uint32Array<ArrayBuffer>
  /** As `addRegistration` writes them, one after another, and where each ends. */
  rows: Uint8Array<ArrayBuffer>
  ends: Uint32Array<ArrayBuffer>
  /** Blocking keys, in the order in which the index takes them fastest. */
  keys: KeyColumns
  /** Places of those replaced by another id: fed, since a merge is checked and decided about. */
  merged: number[]
  refused: RefusedLine[]
}

const RECORDS_EXPECTED = 10_000
/** A record with what it is folded to. What is not written takes no memory. */
const BYTES_EXPECTED = 2_000

/** Each line stands alone: what is wrong with one is said of that one. */
export function encodeLines(lines: Iterable<Line>, sender: Sender, at: Date): EncodedLines {
  const rows = binaryRows(RECORDS_EXPECTED * BYTES_EXPECTED)
  const [localIds, numbers, ends, merged]: [string[], number[], number[], number[]] = [[], [], [], []]
  // Packed at once: features that live on while thousands more are read cost as much again.
  const active = columnsBuilder(RECORDS_EXPECTED)
  const activePlaces: number[] = []
  const refused: RefusedLine[] = []
  for (const { number, text } of lines) {
    try {
      if (text === undefined) throw refuse('body-malformed')
      const read = readPatient(text, at, sender.patientSystem)
      const localId = ownId(read, sender)
      addRegistration(rows, { region: sender.region, localId }, read, at)
      const place = localIds.push(localId) - 1
      numbers.push(number)
      ends.push(rows.bytes())
      if (read.isActive) {
        active.add(read.features)
        activePlaces.push(place)
      }
      if (read.replacedBy !== undefined) merged.push(place)
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      refused.push({ line: number, code: error.code, place: error.at })
    }
  }
  const keys = releaseKeysInOrder(active.finish())
  for (let at = 0; at < keys.count; at++) keys.place[at] = activePlaces[keys.place[at] as number] as number
  return {
    ...{ localIds, merged, refused, keys },
    ...{ lines: Uint32Array.from(numbers), rows: rows.finish(), ends: Uint32Array.from(ends) },
  }
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
