import { z } from 'zod'
import { JsonRefused, type JsonValue, parseJson } from '../kernel/strict-json.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import { deathFrom } from './death-from.ts'
import { keyNationalIds } from './key-national-ids.ts'
import {
  encodeRegistration,
  type Features,
  holdsMyNumber,
  isKeyOfMyNumber,
  mayHoldMyNumber,
  type NationalIdRule,
} from './normalise/index.ts'
import { localIdSchema, type Patient, patientSchema } from './patient-schema.ts'

const BYTES_MAX = 64 * 1024
/** UTF-8 takes no more for one unit of UTF-16. */
const BYTES_PER_UNIT = 3
const LIMITS = { depthMax: 16, nodesMax: 2_000 }

/** Identifier systems of the country in which twelve digits are an id: hospital numbers, public payers. */
const NATIONAL_SYSTEM =
  /^(urn:oid:1\.2\.392\.100495\.20\.3\.|http:\/\/jpfhir\.jp\/fhir\/[A-Za-z/]+\/Id[Ss]ystem\/)/

/** A Patient that passed every check, with the text as it arrived. */
export interface ReadPatient {
  /** The exact text, but for national identifiers, which stand in their keyed form. */
  source: string
  patient: Patient
  features: Features
  isActive: boolean
  /** 支援措置, by a security label of the project's own system. */
  isProtected: boolean
  /** The identifier under which the sender goes on with the resident (ITI-104, resolve duplicate). */
  replacedBy: { system: string; value: string } | undefined
}

/**
 * Reads a Patient from outside; `patientSystem` is the sender's own, if the sender has one, and `nationalIds` says
 * which national identifiers may be kept, keyed. Throws HubError with nothing of the text in it: `body-malformed`,
 * `my-number-refused`, `merge-invalid`, `resource-invalid`.
 */
export function readPatient(
  sent: string,
  at: Date,
  patientSystem?: string,
  nationalIds?: NationalIdRule,
): ReadPatient {
  if (BYTES_PER_UNIT * sent.length > BYTES_MAX && Buffer.byteLength(sent) > BYTES_MAX)
    throw refuse('body-too-large')
  const said = jsonOf(sent)
  const source = keyNationalIds(sent, said, nationalIds)
  const value = source === sent ? said : jsonOf(source)
  if (mayHoldMyNumber(source) && holdsMyNumber(value, (system) => isRegistered(system, patientSystem)))
    throw refuse('my-number-refused')
  if (mayHaveKey(source, 'modifierExtension') && hasKey(value, 'modifierExtension'))
    throw refuse('resource-invalid', { at: 'Patient.modifierExtension' })
  const read = patientSchema.safeParse(value)
  if (!read.success) throw refuse('resource-invalid', { at: placeOf(read.error) })
  const patient = read.data
  if (isKeyOfMyNumber(patient)) throw refuse('my-number-refused')
  if (patient.birthDate !== undefined && isToCome(patient.birthDate, at)) {
    throw refuse('resource-invalid', { at: 'Patient.birthDate' })
  }
  const features = encodeRegistration(patient)
  const death = deathFrom(patient, features, at)
  return {
    source,
    patient,
    features: death === undefined ? features : { ...features, deathFrom: death },
    isActive: patient.active !== false,
    isProtected: patient.meta?.security?.some(({ system }) => system === SYSTEMS.protection) === true,
    replacedBy: replacementIn(patient),
  }
}

/** As `readJson` of http, most of whose modules are not for the threads that read files, and take a second to load. */
function jsonOf(source: string): JsonValue {
  try {
    return parseJson(source, LIMITS)
  } catch (cause) {
    if (cause instanceof JsonRefused) throw refuse('body-malformed', { cause })
    throw cause
  }
}

const replacementSchema = z.looseObject({
  identifier: z.looseObject({ system: z.string(), value: localIdSchema }),
})

/** Of a merge: one link, by identifier, and no longer active (PIXm 2:3.104.4.3). */
function replacementIn({ link = [], active }: Patient): ReadPatient['replacedBy'] {
  const [replacement, ...others] = link.filter(({ type }) => type === 'replaced-by')
  if (replacement === undefined) return undefined
  const read = replacementSchema.safeParse(replacement.other)
  if (others.length > 0 || active !== false || !read.success) {
    throw refuse('merge-invalid', { at: 'Patient.link' })
  }
  const { system, value } = read.data.identifier
  return { system, value }
}

/** The insured number is none of these: its parts stand between colons, and none has twelve digits. */
function isRegistered(system: string, patientSystem: string | undefined): boolean {
  return system === patientSystem || (system !== SYSTEMS.insuredNumber && NATIONAL_SYSTEM.test(system))
}

/** A key may be written with escapes; otherwise it stands in the text. */
function mayHaveKey(source: string, key: string): boolean {
  return source.includes(key) || source.includes('\\')
}

function hasKey(value: JsonValue, key: string): boolean {
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some((each) => hasKey(each, key))
  return Object.hasOwn(value, key) || Object.values(value).some((each) => hasKey(each, key))
}

/** The schema knows every key in a path, so none of the sender's own words are in it. */
function placeOf(error: z.ZodError): string {
  const path = error.issues[0]?.path ?? []
  return path.reduce<string>(
    (place, step) => (typeof step === 'number' ? `${place}[${step}]` : `${place}.${String(step)}`),
    'Patient',
  )
}

/** Already the next day somewhere: Japan is nine hours ahead of universal time. */
function isToCome(day: string, at: Date): boolean {
  if (Number(day.slice(0, 4)) < at.getUTCFullYear()) return false
  return day > new Date(at.getTime() + 86_400_000).toISOString().slice(0, 10)
}
