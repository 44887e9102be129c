import type {
  CapabilityStatement,
  CapabilityStatementRest,
  CapabilityStatementRestResource,
} from 'fhir/r4.js'

const PUBLISHED = '2026-11-23'

interface Face {
  software: string
  implementation: CapabilityStatement['implementation']
  documentation: string
  security?: { description: string }
  /** Beside those of each resource. */
  interaction?: CapabilityStatementRest['interaction']
  resource: CapabilityStatementRestResource[]
}

/** What a face of ours does, and nothing it does not (FHIR R4, RESTful capabilities). */
export function capabilityOf({ software, implementation, ...server }: Face): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: PUBLISHED,
    kind: 'instance',
    software: { name: software },
    ...(implementation === undefined ? {} : { implementation }),
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [{ mode: 'server', ...server }],
  }
}

/** The cross-reference within one's own domain (IHE PIXm, ITI-83). */
export const PIX_OPERATION = {
  name: 'ihe-pix',
  definition: 'https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix',
}

/** Consents as IHE PCF has them (ITI-108), taken and searched for. */
export function consentCapability(documentation: string): CapabilityStatementRestResource {
  return {
    type: 'Consent',
    documentation,
    interaction: [{ code: 'create' }, { code: 'search-type' }],
    searchParam: [
      { name: 'patient', type: 'reference' },
      { name: 'patient.identifier', type: 'token' },
      { name: 'status', type: 'token' },
      { name: 'actor', type: 'reference' },
    ],
  }
}
