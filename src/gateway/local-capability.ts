import type { CapabilityStatement } from 'fhir/r4.js'
import { capabilityOf, consentCapability, PIX_OPERATION } from '../http/index.ts'
import { CLINICAL_TYPES } from '../vocabulary/index.ts'

/** What the gateway does for the region's own systems, and nothing it does not (FHIR R4, RESTful capabilities). */
export function localCapability(): CapabilityStatement {
  return capabilityOf({
    software: 'Tsunagi gateway',
    implementation: { description: '連携ゲートウェイ（地域内向け）' },
    documentation:
      'Every call carries a login token of the region’s own identity provider as a Bearer token. A search is brokered to the other regions; its answer has no total, and its OperationOutcome says what is missing.',
    security: {
      description: 'JWT (ES256 or Ed25519) with the role clinician to read, feed or council to feed.',
    },
    resource: [
      {
        type: 'Patient',
        documentation: 'IHE PIXm: ITI-104 feed and $ihe-pix, forwarded to the hub.',
        interaction: [{ code: 'update' }, { code: 'delete' }],
        conditionalUpdate: true,
        conditionalDelete: 'single',
        operation: [PIX_OPERATION],
      },
      consentCapability('IHE PCF, ITI-108; kept by the gateway, then forwarded.'),
      {
        type: 'Encounter',
        documentation: 'A visit, forwarded to the hub.',
        interaction: [{ code: 'create' }],
      },
      ...CLINICAL_TYPES.map((type) => ({
        type,
        documentation: 'What other regions hold and provide.',
        interaction: [{ code: 'search-type' as const }],
        searchParam: [
          { name: 'patient', type: 'reference' as const },
          { name: 'patient.identifier', type: 'token' as const },
          { name: 'date', type: 'date' as const },
          {
            name: '_item',
            type: 'token' as const,
            documentation: 'Shared items by their codes (CodeSystem/item), separated by commas.',
          },
        ],
      })),
    ],
  })
}
