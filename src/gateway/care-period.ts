import { type FhirObject, isFhirObject } from '../alignment/index.ts'
import type { JsonValue } from '../kernel/strict-json.ts'

/** Days of care that a query was narrowed to, both included. */
export interface Period {
  from?: string | undefined
  to?: string | undefined
}

/**
 * Whether the care that a resource tells of touches the period. Allergies, conditions, reactions and families hold
 * beyond the day they were written down, and what bears no date cannot be said to lie outside: both stay.
 */
export function isWithin(resource: FhirObject, period: Period | undefined): boolean {
  if (period === undefined) return true
  const [first, last] = daysOfCare(resource)
  const startsInTime = first === undefined || period.to === undefined || notAfter(first, period.to)
  const endsInTime = last === undefined || period.from === undefined || notAfter(period.from, last)
  return startsInTime && endsInTime
}

/** First and last day, each as exact as it was written. */
function daysOfCare(resource: FhirObject): [string | undefined, string | undefined] {
  switch (resource.resourceType) {
    case 'Observation':
      return daysOf(resource.effectiveDateTime ?? resource.effectiveInstant ?? resource.effectivePeriod)
    case 'MedicationRequest':
      return daysOf(resource.authoredOn)
    case 'DocumentReference': {
      const { context, date } = resource
      return daysOf((isFhirObject(context) ? context.period : undefined) ?? date)
    }
    case 'DiagnosticReport':
    case 'MedicationAdministration':
      return daysOf(resource.effectiveDateTime ?? resource.effectivePeriod)
    case 'Procedure':
      return daysOf(resource.performedDateTime ?? resource.performedPeriod)
    case 'CarePlan':
      return daysOf(resource.period)
    case 'ImagingStudy':
      return daysOf(resource.started)
    case 'Media':
      return daysOf(resource.createdDateTime ?? resource.createdPeriod)
    case 'NutritionOrder':
      return daysOf(resource.dateTime)
    default:
      return [undefined, undefined]
  }
}

function daysOf(stated: JsonValue | undefined): [string | undefined, string | undefined] {
  if (isFhirObject(stated)) return [dayOf(stated.start), dayOf(stated.end)]
  const day = dayOf(stated)
  return [day, day]
}

const TOKYO_MS = 9 * 3_600_000

/** The day in Japan of an instant; a date, also without day or month, as it stands. */
function dayOf(stated: JsonValue | undefined): string | undefined {
  if (typeof stated !== 'string') return undefined
  if (/^\d{4}(-\d{2}){0,2}$/.test(stated)) return stated
  const at = Date.parse(stated)
  return Number.isNaN(at) ? undefined : new Date(at + TOKYO_MS).toISOString().slice(0, 10)
}

/** Compared only as far as both are exact. */
function notAfter(one: string, other: string): boolean {
  const length = Math.min(one.length, other.length)
  return one.slice(0, length) <= other.slice(0, length)
}
