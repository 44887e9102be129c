import { type FhirObject, isFhirObject } from '../alignment/index.ts'
import { JsonRefused, type JsonValue, parseJson } from '../kernel/strict-json.ts'
import type { ClinicalType } from '../vocabulary/index.ts'

/** What every region is asked for whatever its server says of itself: a slip there must not hide an allergy. */
const ALWAYS: readonly ClinicalType[] = [
  'AllergyIntolerance',
  'Condition',
  'DocumentReference',
  'MedicationRequest',
  'Observation',
]

/** Those of the types that a server is asked for, where it told which it serves; all of them where it did not. */
export function typesToAsk(
  types: readonly ClinicalType[],
  served: ReadonlySet<string> | undefined,
): ClinicalType[] {
  return types.filter((type) => served === undefined || served.has(type) || ALWAYS.includes(type))
}

/** Whether asking depends on what the server serves. */
export function dependsOnServer(types: readonly ClinicalType[]): boolean {
  return types.some((type) => !ALWAYS.includes(type))
}

/** The types that a CapabilityStatement lists with a search (FHIR R4, RESTful capabilities); undefined where it lists none. */
export function servedTypes(text: string): ReadonlySet<string> | undefined {
  const rest = objectsIn(readStatement(text)?.rest)
  const searched = rest
    .flatMap(({ resource }) => objectsIn(resource))
    .filter(({ interaction }) => objectsIn(interaction).some(({ code }) => code === 'search-type'))
    .flatMap(({ type }) => (typeof type === 'string' ? [type] : []))
  return searched.length === 0 ? undefined : new Set(searched)
}

function readStatement(text: string): FhirObject | undefined {
  try {
    const statement = parseJson(text)
    return isFhirObject(statement) && statement.resourceType === 'CapabilityStatement' ? statement : undefined
  } catch (error) {
    if (error instanceof JsonRefused) return undefined
    throw error
  }
}

function objectsIn(value: JsonValue | undefined): FhirObject[] {
  return Array.isArray(value) ? value.filter(isFhirObject) : []
}
