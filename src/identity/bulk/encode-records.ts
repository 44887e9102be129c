import { HubError } from '../../kernel/hub-error.ts'
import { refuse, SYSTEMS } from '../../vocabulary/index.ts'
import { releaseKeys } from '../linkage/index.ts'
import { localIdSchema } from '../patient-schema.ts'
import { type ReadPatient, readPatient } from '../read-patient.ts'
import type { Line } from './read-lines.ts'

/** Whose records are read. */
export interface Sender {
  region: string
  patientSystem: string
  /** Every other region's: an id in one of them says where somebody else is registered. */
  otherSystems: readonly string[]
}

/** A record as it is kept, ready for the database. */
export interface EncodedRecord {
  line: number
  localId: string
  source: string
  features: string
  birthDate: string | null
  sex: string | null
  isActive: boolean
  isProtected: boolean
  /** Replaced by another id: fed, since a merge is checked and decided about. */
  isMerged: boolean
  keys: string[]
}

/** A line that is left out, with the reason and nothing of what it says. */
export interface RefusedLine {
  line: number
  code: string
  place: string | undefined
}

export interface EncodedLines {
  records: EncodedRecord[]
  refused: RefusedLine[]
}

/** Each line stands alone: what is wrong with one is said of that one. */
export function encodeLines(lines: readonly Line[], sender: Sender, at: Date): EncodedLines {
  const records: EncodedRecord[] = []
  const refused: RefusedLine[] = []
  for (const { number, text } of lines) {
    try {
      if (text === undefined) throw refuse('body-malformed')
      records.push(encoded(number, readPatient(text, at, sender.patientSystem), sender))
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      refused.push({ line: number, code: error.code, place: error.at })
    }
  }
  return { records, refused }
}

function encoded(line: number, read: ReadPatient, sender: Sender): EncodedRecord {
  const { source, patient, features, isActive, isProtected, replacedBy } = read
  return {
    line,
    localId: ownId(read, sender),
    source,
    features: JSON.stringify(features),
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    isActive,
    isProtected,
    isMerged: replacedBy !== undefined,
    keys: isActive ? releaseKeys(features).map(String) : [],
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
