import type { JsonValue } from '../kernel/strict-json.ts'

export type FhirObject = { [key: string]: JsonValue }

export function isFhirObject(value: JsonValue | undefined): value is FhirObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

const SUBJECT_ELEMENTS = ['subject', 'patient'] as const

/**
 * Whether the resource is about `patient` (`Patient/<id>`) and about nobody else: its subject refers to that
 * patient, whatever else is said of the subject agrees, and no contained Patient, nor any contained resource's
 * subject, is another. A resource that names no subject is not about the person asked for.
 */
export function isAbout(
  resource: FhirObject,
  patient: string,
  identifier: { system: string; value: string },
): boolean {
  const subjects = SUBJECT_ELEMENTS.filter((element) => resource[element] !== undefined)
  if (subjects.length === 0) return false
  if (!subjects.every((element) => refersTo(resource[element], patient, identifier))) return false
  return containedOf(resource).every(
    (contained) =>
      contained.resourceType !== 'Patient' &&
      SUBJECT_ELEMENTS.every(
        (element) => contained[element] === undefined || refersTo(contained[element], patient, identifier),
      ),
  )
}

function refersTo(
  value: JsonValue | undefined,
  patient: string,
  identifier: { system: string; value: string },
): boolean {
  if (!isFhirObject(value)) return false
  if (value.reference !== patient) return false
  if (!isFhirObject(value.identifier)) return value.identifier === undefined
  return value.identifier.system !== identifier.system || value.identifier.value === identifier.value
}

function containedOf(resource: FhirObject): FhirObject[] {
  const { contained } = resource
  if (contained === undefined) return []
  // What is not a list of objects cannot be checked, so it counts as somebody else's.
  if (!Array.isArray(contained) || !contained.every(isFhirObject)) return [{ resourceType: 'Patient' }]
  return contained
}
