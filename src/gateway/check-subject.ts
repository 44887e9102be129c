import type { JsonValue } from '../kernel/strict-json.ts'

export type FhirObject = { [key: string]: JsonValue }

export function isFhirObject(value: JsonValue | undefined): value is FhirObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
