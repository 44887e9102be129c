import type { CapabilityStatement } from 'fhir/r4.js'
import { CLINICAL_TYPES } from './vocabulary/index.ts'

const PUBLISHED = '2026-11-23'

/** What the hub does, and nothing it does not (FHIR R4, RESTful capabilities). */
export function capabilityStatement(publicUrl: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: PUBLISHED,
    kind: 'instance',
    software: { name: 'Tsunagi' },
    implementation: { description: '地域医療介護連携ネットワークの相互参照ハブ', url: `${publicUrl}/fhir` },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'Every call carries a request object (tsunagi-request+jwt) as a Bearer token. Searches are taken by POST only; a federated answer has no total.',
        resource: [
          {
            type: 'Patient',
            documentation: 'IHE PIXm: ITI-104 feed and $ihe-pix within the region’s own domain.',
            interaction: [{ code: 'update' }, { code: 'delete' }],
            conditionalUpdate: true,
            conditionalDelete: 'single',
            operation: [
              {
                name: 'ihe-pix',
                definition: 'https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix',
              },
            ],
          },
          {
            type: 'Consent',
            documentation: 'IHE PCF, ITI-108: within the region’s own domain.',
            interaction: [{ code: 'create' }, { code: 'search-type' }],
            searchParam: [
              { name: 'patient', type: 'reference' },
              { name: 'patient.identifier', type: 'token' },
              { name: 'status', type: 'token' },
              { name: 'actor', type: 'reference' },
            ],
          },
          {
            type: 'Encounter',
            documentation: 'A visit.',
            interaction: [{ code: 'create' }],
          },
          ...CLINICAL_TYPES.map((type) => ({
            type,
            documentation: 'Federated: brokered to the regions that hold the person’s records and permit it.',
            interaction: [{ code: 'search-type' as const }],
            searchParam: [
              { name: 'patient.identifier', type: 'token' as const },
              { name: 'date', type: 'date' as const },
            ],
          })),
        ],
      },
    ],
  }
}
