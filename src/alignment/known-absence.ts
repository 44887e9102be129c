import type { Item } from '../vocabulary/index.ts'
import { IPS_ABSENT, SNOMED } from './code-systems.ts'
import { codesOf } from './elements.ts'

/** What a record that says "none" covers. `items` are wholly covered; a record may cover only a part of one. */
export interface KnownAbsence {
  items: readonly Item[]
}

const ALLERGIES: readonly Item[] = ['allergy-drug', 'allergy-other']
const PART: readonly Item[] = []

/** SNOMED CT (as HL7's IPS names them) and the IPS's own codes by which somebody says that there is none. */
const ABSENCES = new Map<string, readonly Item[]>([
  [`${SNOMED}|716186003`, ALLERGIES],
  [`${SNOMED}|409137002`, ['allergy-drug']],
  [`${SNOMED}|428607008`, PART],
  [`${SNOMED}|429625007`, PART],
  [`${SNOMED}|160245001`, ['condition']],
  [`${IPS_ABSENT}|no-known-allergies`, ALLERGIES],
  [`${IPS_ABSENT}|no-known-medication-allergies`, ['allergy-drug']],
  [`${IPS_ABSENT}|no-known-environmental-allergies`, PART],
  [`${IPS_ABSENT}|no-known-food-allergies`, PART],
  [`${IPS_ABSENT}|no-known-problems`, ['condition']],
  [`${IPS_ABSENT}|no-known-medications`, ['prescription']],
  [`${IPS_ABSENT}|no-allergy-info`, PART],
  [`${IPS_ABSENT}|no-problem-info`, PART],
  [`${IPS_ABSENT}|no-medication-info`, PART],
])

/** What the concept says is known not to be, or undefined where it names something that is. */
export function knownAbsence(concept: unknown): KnownAbsence | undefined {
  for (const { system, code } of codesOf(concept)) {
    const items = ABSENCES.get(`${system}|${code}`)
    if (items !== undefined) return { items }
  }
  return undefined
}
