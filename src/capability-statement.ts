import type { CapabilityStatement } from 'fhir/r4.js'
import { CLINICAL_TYPES } from './vocabulary/index.ts'

const PUBLISHED = '2026-11-23'

const PATIENT_SEARCH = [
  { name: '_id', type: 'token' as const },
  { name: 'active', type: 'token' as const },
  { name: 'address', type: 'string' as const },
  { name: 'address-city', type: 'string' as const },
  { name: 'address-country', type: 'string' as const },
  { name: 'address-postalcode', type: 'string' as const },
  { name: 'address-state', type: 'string' as const },
  { name: 'birthdate', type: 'date' as const },
  { name: 'family', type: 'string' as const },
  { name: 'gender', type: 'token' as const },
  { name: 'given', type: 'string' as const },
  { name: 'identifier', type: 'token' as const },
  { name: 'mothersMaidenName', type: 'string' as const },
  { name: 'telecom', type: 'token' as const },
]

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
          'Every call carries a request object (tsunagi-request+jwt) as a Bearer token. Federated searches are taken by POST only; their answer has no total.',
        resource: [
          {
            type: 'Patient',
            documentation:
              'Within the region’s own domain. IHE PIXm: ITI-104 feed and $ihe-pix; IHE PDQm: ITI-78 and ITI-119.',
            interaction: [{ code: 'update' }, { code: 'delete' }, { code: 'read' }, { code: 'search-type' }],
            searchParam: PATIENT_SEARCH,
            conditionalUpdate: true,
            conditionalDelete: 'single',
            operation: [
              {
                name: 'ihe-pix',
                definition: 'https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix',
              },
              { name: 'match', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match' },
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
          {
            type: 'ConceptMap',
            documentation: 'A region’s own codes to national ones; only its own.',
            interaction: [{ code: 'read' }, { code: 'update' }],
            operation: [
              {
                name: 'translate',
                definition: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
              },
            ],
          },
          {
            type: 'CodeSystem',
            documentation: 'The catalogue of shared items.',
            interaction: [{ code: 'read' }],
          },
          { type: 'ValueSet', documentation: 'Groups of shared items.', interaction: [{ code: 'read' }] },
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
