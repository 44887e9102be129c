import type { CapabilityStatement } from 'fhir/r4.js'
import { capabilityOf, consentCapability, PIX_OPERATION } from './http/index.ts'
import { CLINICAL_TYPES } from './vocabulary/index.ts'

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
  return capabilityOf({
    software: 'Tsunagi',
    implementation: { description: '地域医療介護連携ネットワークの相互参照ハブ', url: `${publicUrl}/fhir` },
    // Of feeds and look-ups.
    interaction: [{ code: 'batch' }],
    documentation:
      'Every call carries a request object (tsunagi-request+jwt) as a Bearer token. Federated searches are taken by POST only; their answer has no total.',
    resource: [
      {
        type: 'Patient',
        documentation:
          'Within the region’s own domain. IHE PIXm: ITI-104 feed and $ihe-pix, each also in a batch; IHE PDQm: ITI-78 and ITI-119.',
        interaction: [{ code: 'update' }, { code: 'delete' }, { code: 'read' }, { code: 'search-type' }],
        searchParam: PATIENT_SEARCH,
        conditionalUpdate: true,
        conditionalDelete: 'single',
        operation: [
          PIX_OPERATION,
          { name: 'match', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match' },
        ],
      },
      consentCapability('IHE PCF, ITI-108: within the region’s own domain.'),
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
  })
}
