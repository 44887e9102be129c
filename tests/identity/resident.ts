import { z } from 'zod'
import { encodeRegistration, type Features } from '../../src/identity/normalise/index.ts'
import { patientSchema } from '../../src/identity/patient-schema.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'

/** A record as a clerk would say it; null for what it does not hold. */
export const recordSchema = z.strictObject({
  family: z.string().nullable().optional(),
  given: z.string().nullable().optional(),
  familyKana: z.string().nullable().optional(),
  givenKana: z.string().nullable().optional(),
  birthDate: z.string().nullable().optional(),
  gender: z.string().nullable().optional(),
  insured: z.string().nullable().optional(),
  address: z.string().nullable().optional(),
  postalCode: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
})
export type ResidentRecord = z.infer<typeof recordSchema>

/** A fictional resident of a fictional town. */
export const HANAKO: ResidentRecord = {
  family: '髙橋',
  given: '花子',
  familyKana: 'タカハシ',
  givenKana: 'ハナコ',
  birthDate: '1961-02-03',
  gender: 'female',
  insured: '00149906:港台:1234567:02',
  address: '神奈川県港台市北岬2丁目3番4号',
  postalCode: '220-9911',
  phone: '070-0000-0001',
}

/** The record as a JP Core Patient; `own` is the region's patient id. */
export function patientOf(record: ResidentRecord, own?: { system: string; value: string }): object {
  const { family, given, familyKana, givenKana, birthDate, gender, insured, address, postalCode, phone } =
    record
  return {
    resourceType: 'Patient',
    identifier: [
      ...(own ? [own] : []),
      ...(insured ? [{ system: SYSTEMS.insuredNumber, value: insured }] : []),
    ],
    name: [...nameOf('IDE', family, given), ...nameOf('SYL', familyKana, givenKana)],
    ...(phone ? { telecom: [{ system: 'phone', value: phone }] } : {}),
    ...(gender ? { gender } : {}),
    ...(birthDate ? { birthDate } : {}),
    ...(address ? { address: [{ text: address, ...(postalCode ? { postalCode } : {}) }] } : {}),
  }
}

function nameOf(valueCode: string, family?: string | null, given?: string | null): object[] {
  if (!family && !given) return []
  const extension = [{ url: SYSTEMS.nameRepresentation, valueCode }]
  return [{ extension, use: 'official', ...(family ? { family } : {}), ...(given ? { given: [given] } : {}) }]
}

export function featuresOf(record: ResidentRecord): Features {
  return encodeRegistration(patientSchema.parse(patientOf(record)))
}
