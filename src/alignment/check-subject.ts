import type { JsonValue } from '../kernel/strict-json.ts'

export type FhirObject = { [key: string]: JsonValue }

export function isFhirObject(value: JsonValue | undefined): value is FhirObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Elements by which a resource, or a part of it, says whom it is about. */
const SUBJECT_ELEMENTS = new Set(['subject', 'patient', 'sourcePatientInfo'])

export interface Subject {
  /** `Patient/<id>` */
  reference: string
  identifier: { system: string; value: string }
}

/**
 * Whether the resource is about that patient and about nobody else: its own subject refers to the patient, every
 * subject anywhere inside agrees, and it contains no Patient. What names no subject is not about the patient.
 */
export function isAbout(resource: FhirObject, subject: Subject): boolean {
  const named = ['subject', 'patient'].filter((element) => resource[element] !== undefined)
  return named.length > 0 && agrees(resource, subject) && !containsPatient(resource)
}

function agrees(value: JsonValue, subject: Subject): boolean {
  if (Array.isArray(value)) return value.every((each) => agrees(each, subject))
  if (!isFhirObject(value)) return true
  return Object.entries(value).every(([name, member]) =>
    SUBJECT_ELEMENTS.has(name) ? refersTo(member, subject) : agrees(member, subject),
  )
}

/** By reference, which the search matched; an identifier or a display alone may be anybody's. */
function refersTo(value: JsonValue, { reference, identifier }: Subject): boolean {
  if (!isFhirObject(value) || value.reference !== reference) return false
  if (value.identifier === undefined) return true
  if (!isFhirObject(value.identifier)) return false
  return value.identifier.system !== identifier.system || value.identifier.value === identifier.value
}

function containsPatient({ contained }: FhirObject): boolean {
  if (contained === undefined) return false
  // What is not a list of objects cannot be read, so it counts as somebody else's.
  if (!Array.isArray(contained)) return true
  return !contained.every((each) => isFhirObject(each) && each.resourceType !== 'Patient')
}
