import { SYSTEMS } from '../../vocabulary/index.ts'
import type { Patient } from '../patient-schema.ts'

/** Marked as data for testing (FHIR, security labels; HL7 v3 ActReason). */
export function isSynthetic({ meta }: Pick<Patient, 'meta'>): boolean {
  const labels = meta?.security ?? []
  return labels.some(({ system, code }) => system === SYSTEMS.purpose && code === 'HTEST')
}
