import { SYSTEMS } from './systems.ts'

/** 個人番号, and the identifier for medicine and other fields that is to come (医療等ID). */
export const NATIONAL_IDS = ['my-number', 'medical-id'] as const
export type NationalId = (typeof NATIONAL_IDS)[number]

/** Of what they are keyed by, kept apart from the database: whoever holds both could try all numbers. */
export const NATIONAL_ID_SECRET_BYTES_MIN = 32

/** The kind of identifier that a system’s values are; undefined for any other system. */
export function nationalIdOf(system: string | undefined): NationalId | undefined {
  if (system === SYSTEMS.myNumber) return 'my-number'
  return system === SYSTEMS.medicalId ? 'medical-id' : undefined
}
