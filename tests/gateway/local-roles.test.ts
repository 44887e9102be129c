import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localApp } from '../../src/gateway/local-app.ts'
import { CLINICIAN, COUNCIL, FEED, type TestRegion, testRegion } from './local-region.ts'

/** Case D3 at the gateway: who may call what. A route that stands in no line here lets nobody in, so it fails below. */
const ROLES = { clinician: CLINICIAN, feed: FEED, council: COUNCIL }
type Role = keyof typeof ROLES

const SEARCHES = [
  ...['AllergyIntolerance', 'Condition', 'DocumentReference', 'MedicationRequest', 'Observation'],
  ...['AdverseEvent', 'CarePlan', 'DiagnosticReport', 'Flag', 'ImagingStudy', 'Media'],
  ...['MedicationAdministration', 'NutritionOrder', 'Procedure', 'RelatedPerson'],
]
const MAY: Record<string, readonly Role[]> = {
  'PUT /fhir/Patient': ['feed'],
  'DELETE /fhir/Patient': ['feed'],
  'GET /fhir/Patient/$ihe-pix': ['feed', 'council'],
  'POST /fhir/Consent': ['feed', 'council'],
  'GET /fhir/Consent': ['feed', 'council'],
  'POST /fhir/Consent/_search': ['feed', 'council'],
  'GET /fhir/Consent/$coverage': ['council'],
  'POST /fhir/Encounter': ['feed', 'council'],
  'POST /fhir/Encounter/$bulk': ['feed', 'council'],
  'POST /fhir/_search': ['clinician'],
  ...Object.fromEntries(SEARCHES.map((type) => [`GET /fhir/${type}`, ['clinician'] as const])),
  ...Object.fromEntries(SEARCHES.map((type) => [`POST /fhir/${type}/_search`, ['clinician'] as const])),
  'PUT /policy': ['council'],
  'POST /desk/forms': ['council'],
  'POST /desk/checks': ['council'],
  'GET /desk/checks': ['council'],
  'POST /desk/batches': ['council'],
  'GET /council/notices': ['council'],
  'GET /council/policies': ['council'],
  'GET /council/emergencies': ['council'],
  'POST /council/emergencies/review': ['council'],
  'GET /council/findings': ['council'],
  'POST /council/findings/settle': ['council'],
  'POST /council/disclosures': ['council'],
}
/** Opened by a session (the office's: office-doors.test.ts), by a token in the body, or by nothing because nobody is in it. */
const OTHERWISE = /^(GET|POST) \/(viewer.*|office.*|backchannel-logout|livez|fhir\/metadata|assets\/.*)$/

let region: TestRegion
beforeAll(async () => {
  region = await testRegion()
})
afterAll(() => region[Symbol.asyncDispose]())

const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/fhir+json'

async function codeFor(route: string, login: string | undefined): Promise<string> {
  const [method = '', path = ''] = route.split(' ')
  const response = await fetch(region.url + path, {
    method,
    headers: {
      ...(login === undefined ? {} : { authorization: `Bearer ${login}` }),
      ...(method === 'GET' ? {} : { 'content-type': path.endsWith('_search') ? FORM : JSON_TYPE }),
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })
  const text = await response.text()
  return /"code":"(login-[a-z]+)"/.exec(text)?.[1] ?? 'let in'
}

test('D3: every route of the gateway stands in the table, and nothing else does', () => {
  const routes = localApp(region.ctx, new Set())
    .routes.filter(({ method, path }) => method !== 'ALL' && !path.endsWith('*'))
    .map(({ method, path }) => `${method} ${path}`)
  const closed = new Set(routes.filter((route) => !OTHERWISE.test(route)))
  expect([...closed].sort()).toEqual(Object.keys(MAY).sort())
})

describe('D3: who may call what', () => {
  test.each(Object.entries(MAY))('%s', async (route, may) => {
    expect(await codeFor(route, undefined)).toBe('login-required')
    for (const role of Object.keys(ROLES) as Role[]) {
      const login = await region.login(ROLES[role])
      expect(await codeFor(route, login), role).toBe(may.includes(role) ? 'let in' : 'login-unfit')
    }
  })
})
