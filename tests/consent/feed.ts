import { Hono } from 'hono'
import { type ConsentRecord, consentRoutes } from '../../src/consent/index.ts'
import { type HubEnv, onError } from '../../src/http/index.ts'
import type { Context } from '../../src/kernel/context.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'

export const MINATO = { region: 'minato', patientSystem: 'urn:oid:2.999.14.1.1' }
export const SAGAMINO = { region: 'sagamino', patientSystem: 'urn:oid:2.999.14.1.2' }
export const CLINIC = '1419900011'
export const CARE_PROVIDER = '1479900022'

/** The routes as the hub mounts them, behind a door that lets every call in as `caller`. */
export function consentApp(context: Context, caller = MINATO) {
  const app = new Hono<HubEnv>()
  app.onError(onError(context.log))
  app.use(async (c, next) => {
    c.set('requestId', 'test')
    c.set('body', await c.req.text())
    c.set('caller', caller)
    c.set('act', (change) => context.db.transaction(change))
    await next()
  })
  app.route('/fhir', consentRoutes(context))
  return {
    async post(path: 'Consent' | 'Encounter', resource: unknown) {
      const body = typeof resource === 'string' ? resource : JSON.stringify(resource)
      const response = await app.request(`/fhir/${path}`, { method: 'POST', body })
      return { status: response.status, text: await response.text() }
    },
  }
}

/** The refusal's code and place in an OperationOutcome. */
export function refusalOf(text: string): { code: string; at: string | undefined } {
  const { issue } = JSON.parse(text) as {
    issue: [{ details: { coding: [{ code: string }] }; expression?: [string] }]
  }
  return { code: issue[0].details.coding[0].code, at: issue[0].expression?.[0] }
}

export interface ConsentTerms {
  version?: number
  status?: ConsentRecord['status']
  form?: string
  dateTime?: string
  period?: { start?: string; end?: string }
  refused?: string[]
}

const loinc = { coding: [{ system: 'http://loinc.org', code: '59284-0' }] }
const scope = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
}

/** A Consent of IHE PCF as the desk of a council would send it. */
export function consentOf(localId: string, terms: ConsentTerms = {}) {
  const refused = (terms.refused ?? []).map((code) => ({ coding: [{ system: SYSTEMS.item, code }] }))
  return {
    resourceType: 'Consent',
    meta: { versionId: String(terms.version ?? 1) },
    status: terms.status === 'withdrawn' ? 'inactive' : 'active',
    scope,
    category: [loinc],
    patient: { identifier: { system: MINATO.patientSystem, value: localId } },
    dateTime: terms.dateTime ?? '2026-05-20',
    performer: [{ identifier: { system: MINATO.patientSystem, value: localId } }],
    organization: [
      { display: 'みなと連携ネット協議会', identifier: { system: 'urn:oid:2.999.14.9', value: '1' } },
    ],
    sourceReference: { identifier: { system: 'urn:oid:2.999.14.1.1.9', value: '同意書 2026-0412' } },
    policy: [{ uri: `${SYSTEMS.consentForm}/${terms.form ?? '2025-04'}` }],
    provision: {
      type: 'permit',
      ...(terms.period && { period: terms.period }),
      ...(refused.length > 0 && { provision: [{ type: 'deny', code: refused }] }),
    },
  }
}

export interface VisitTerms {
  institution?: string
  kind?: string
  status?: string
  period?: { start: string; end?: string }
}

/** An Encounter as a region sends a visit; `subject` is an identifier. */
export function visitOf(subject: { system: string; value: string }, terms: VisitTerms = {}) {
  return {
    resourceType: 'Encounter',
    status: terms.status ?? 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    type: [{ coding: [{ system: SYSTEMS.visitKind, code: terms.kind ?? 'outpatient' }] }],
    subject: { identifier: subject },
    period: terms.period ?? { start: '2026-05-29', end: '2026-05-29' },
    serviceProvider: {
      identifier: { system: SYSTEMS.institutionNumber, value: terms.institution ?? CLINIC },
    },
  }
}
