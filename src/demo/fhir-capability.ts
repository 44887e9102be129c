import type { CapabilityStatement } from 'fhir/r4.js'
import { CLINICAL_TYPES } from '../vocabulary/index.ts'

const SEARCHED = ['Patient', ...CLINICAL_TYPES] as const

/** The types a simulated region serves. */
export const SERVED_TYPES: readonly string[] = [...SEARCHED, 'Binary']

/** What `GET /fhir/metadata` answers. */
export function capabilityStatement(url: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    implementation: { description: 'Simulated regional EHR, synthetic data only', url },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        resource: [
          ...SEARCHED.map((type) => ({
            type,
            interaction: [{ code: 'read' as const }, { code: 'search-type' as const }],
            searchParam: [
              { name: '_id', type: 'token' as const },
              { name: 'identifier', type: 'token' as const },
              ...(type === 'Patient' ? [] : [{ name: patientParameter(type), type: 'reference' as const }]),
            ],
          })),
          { type: 'Binary', interaction: [{ code: 'read' }] },
        ],
        interaction: [{ code: 'search-system' }],
      },
    ],
  }
}

/** R4 gives AdverseEvent no `patient`. */
function patientParameter(type: string): string {
  return type === 'AdverseEvent' ? 'subject' : 'patient'
}
