import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { present } from '../../src/kernel/must.ts'
import { runRules } from '../../src/oversight/index.ts'
import { recordPolicy } from '../../src/registry/index.ts'
import { saltedPatientHash, saltFor } from '../../src/trust/index.ts'
import { CLINICAL_TYPES, SYSTEMS } from '../../src/vocabulary/index.ts'
import { records } from '../broker/ask-three.ts'
import { visitOf } from '../consent/feed.ts'
import { refusalCode } from '../support/expect-refusal.ts'
import { rowCounts } from '../support/row-counts.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import {
  CLINIC_OF,
  consentIn,
  patientIn,
  queryCall,
  register,
  type SentCall,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

/** Cases D1 to D4: what one region may do to another's residents and records, which is nothing. */
let t: TestHub
let emergency: string
beforeAll(async () => {
  t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  const breakGlass = { reason: '意識がなく、家族とも連絡がとれないため', secondFactor: true }
  await t.send('shiokaze', queryCall('shiokaze', { purpose: 'BTG', visit: undefined, breakGlass }))
  const listed = await t.send('shiokaze', { method: 'GET', path: '/emergencies' })
  emergency = ((await listed.json()) as { emergency: string }[])[0]?.emergency ?? ''
  expect(emergency).not.toBe('')
})
afterAll(() => t[Symbol.asyncDispose]())

const M1 = encodeURIComponent(`${SYSTEM_OF.minato}|m-1`)
const CLERK = { sub: 'clerk-9', duty: 'index-clerk' }
const json = (path: string, body: object, method = 'POST'): SentCall => ({
  method,
  path,
  body: JSON.stringify(body),
})
const form = (path: string, fields: Record<string, string>): SentCall => ({
  method: 'POST',
  path,
  body: new URLSearchParams(fields).toString(),
  contentType: 'application/x-www-form-urlencoded',
})
const review = (path: string, body?: object): SentCall => ({
  ...(body === undefined ? { method: 'GET', path } : json(path, body)),
  contentType: 'application/json',
  claims: CLERK,
})
const asked = (path?: string) =>
  queryCall('sagamino', {
    ...(path === undefined ? {} : { path }),
    form: { 'patient.identifier': `${SYSTEM_OF.minato}|m-1`, _salt: 'salt' },
    patientHash: saltedPatientHash(saltFor('salt', 'patient'), SYSTEM_OF.minato, 'm-1'),
  })
const visit = visitOf({ system: SYSTEM_OF.minato, value: 'm-1' }, { institution: CLINIC_OF.sagamino })
const basis = 'A'.repeat(43)
const reason = '確認した。'

/** What another region gets that names minato's resident, institution, emergency or records in each call there is. */
const FOREIGN: Record<string, [call: () => SentCall, status: number]> = {
  'PUT /fhir/Patient': [() => json(`/fhir/Patient?identifier=${M1}`, patientIn('minato', 'm-1'), 'PUT'), 403],
  'DELETE /fhir/Patient': [() => ({ method: 'DELETE', path: `/fhir/Patient?identifier=${M1}` }), 403],
  'GET /fhir/Patient/$ihe-pix': [
    () => ({ method: 'GET', path: `/fhir/Patient/$ihe-pix?sourceIdentifier=${M1}` }),
    403,
  ],
  'POST /fhir/Patient/$ihe-pix': [
    () =>
      json('/fhir/Patient/$ihe-pix', {
        resourceType: 'Parameters',
        parameter: [{ name: 'sourceIdentifier', valueString: `${SYSTEM_OF.minato}|m-1` }],
      }),
    403,
  ],
  'GET /fhir/Patient': [
    () => ({ method: 'GET', path: `/fhir/Patient?family=${encodeURIComponent('汐見')}` }),
    200,
  ],
  'POST /fhir/Patient/_search': [() => form('/fhir/Patient/_search', { identifier: `|m-1` }), 200],
  'POST /fhir/Patient/$match': [
    () =>
      json('/fhir/Patient/$match', {
        resourceType: 'Parameters',
        parameter: [{ name: 'resource', resource: patientIn('sagamino', 's-9') }],
      }),
    200,
  ],
  'GET /fhir/Patient/:id': [() => ({ method: 'GET', path: '/fhir/Patient/m-1' }), 404],
  'POST /fhir/Consent': [() => json('/fhir/Consent', consentIn('minato', 'm-1')), 403],
  'GET /fhir/Consent': [
    () => ({ method: 'GET', path: `/fhir/Consent?patient.identifier=${M1}&status=active` }),
    403,
  ],
  'POST /fhir/Consent/_search': [
    () =>
      form('/fhir/Consent/_search', { 'patient.identifier': `${SYSTEM_OF.minato}|m-1`, status: 'active' }),
    403,
  ],
  'GET /fhir/Consent/$coverage': [() => ({ method: 'GET', path: '/fhir/Consent/$coverage' }), 200],
  'POST /fhir/Encounter': [() => json('/fhir/Encounter', visit), 403],
  'POST /fhir/Encounter/$bulk': [
    () => ({ ...json('/fhir/Encounter/$bulk', visit), contentType: 'application/fhir+ndjson' }),
    200,
  ],
  'POST /fhir': [
    () =>
      json('/fhir', {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [
          {
            resource: patientIn('minato', 'm-1'),
            request: { method: 'PUT', url: `Patient?identifier=${M1}` },
          },
          { request: { method: 'GET', url: `Patient/$ihe-pix?sourceIdentifier=${M1}` } },
        ],
      }),
    200,
  ],
  'POST /fhir/_search': [() => asked(), 403],
  ...Object.fromEntries(
    CLINICAL_TYPES.map((type) => [
      `POST /fhir/${type}/_search`,
      [() => asked(`/fhir/${type}/_search`), 403] satisfies [() => SentCall, number],
    ]),
  ),
  'GET /fhir/ConceptMap/$translate': [
    () => ({ method: 'GET', path: '/fhir/ConceptMap/$translate?system=urn:x&code=1' }),
    200,
  ],
  'GET /fhir/ConceptMap/:id': [() => ({ method: 'GET', path: '/fhir/ConceptMap/of-minato' }), 404],
  'PUT /fhir/ConceptMap/:id': [() => json('/fhir/ConceptMap/of-minato', {}, 'PUT'), 422],
  'GET /readiness/alignment.json': [() => ({ method: 'GET', path: '/readiness/alignment.json' }), 200],
  'GET /readiness/alignment.csv': [() => ({ method: 'GET', path: '/readiness/alignment.csv' }), 200],
  'PUT /policy': [() => json('/policy?region=minato', { ...policyFrom({ version: 1 }) }, 'PUT'), 409],
  // Councils that refer to each other may read what the other decided; nobody is in it.
  'GET /policy': [() => ({ method: 'GET', path: '/policy?region=minato' }), 200],
  'GET /review/items': [() => review('/review/items'), 200],
  'GET /review/counts': [() => review('/review/counts'), 200],
  'GET /review/item': [() => review('/review/item?patient=m-1'), 404],
  'POST /review/claim': [() => review('/review/claim', { patient: 'm-1' }), 404],
  'POST /review/release': [() => review('/review/release', { patient: 'm-1' }), 204],
  'POST /review/settle': [
    () => review('/review/settle', { patient: 'm-1', basis, decision: 'different', candidates: [], reason }),
    404,
  ],
  'POST /review/second': [() => review('/review/second', { patient: 'm-1', basis, isConfirmed: true }), 404],
  'POST /review/split': [() => review('/review/split', { patients: ['m-1'], reason }), 404],
  'POST /review/merge': [() => review('/review/merge', { patients: ['m-1', 'p-1'], reason }), 404],
  'POST /review/move': [() => review('/review/move', { patient: 'm-1', to: 'p-1', reason }), 404],
  'POST /review/undo': [() => review('/review/undo', { decision: 1, reason }), 404],
  'GET /review/decisions': [() => review('/review/decisions?patient=m-1'), 200],
  'GET /review/disclosures': [() => review('/review/disclosures?decision=1'), 404],
  'GET /emergencies': [() => ({ method: 'GET', path: '/emergencies' }), 200],
  'POST /emergencies/report': [
    () =>
      json('/emergencies/report', {
        emergency,
        by: 'dr-1',
        report: '薬剤アレルギーを確かめ、処置に用いた。',
      }),
    404,
  ],
  'POST /emergencies/review': [
    () =>
      json('/emergencies/review', {
        emergency,
        officer: '個人情報管理者',
        finding: 'proper',
        note: '救急搬送の記録と一致した。',
      }),
    404,
  ],
  'POST /oversight/disclosures': [
    () =>
      json('/oversight/disclosures', {
        patient: 'm-1',
        requester: { relation: 'self', identityChecked: '運転免許証 第1234号' },
        by: '事務局 山田',
      }),
    404,
  ],
  'GET /oversight/findings': [() => ({ method: 'GET', path: '/oversight/findings' }), 200],
  'POST /oversight/findings/settle': [
    () =>
      json('/oversight/findings/settle', {
        finding: 'A'.repeat(22),
        by: '個人情報管理者',
        outcome: 'proper',
        followUp: '当日の当直表で確認した。',
      }),
    404,
  ],
}

/** Whatever of minato's and shiokaze's could be recognised. */
const PERSONS = ['花子', 'シオミ', 'ハナコ', '1961-02-03', '港町', 'dr-1', '1410000003']

describe('D3: every call as another region', () => {
  test('each route that a signed request opens stands in the table', () => {
    const routes = createApp(t.hub, new Set()).routes.filter(
      ({ method, path }) => method !== 'ALL' && !path.endsWith('*'),
    )
    const open =
      /^\/(|livez|readyz|directory|status|status\.json|status\/alignment(\/:region)?|audit\/.*|assets\/.*)$|^\/fhir\/(metadata|CodeSystem|ValueSet)/
    const closed = new Set(
      routes.filter(({ path }) => !open.test(path)).map(({ method, path }) => `${method} ${path}`),
    )
    expect([...closed].sort()).toEqual(Object.keys(FOREIGN).sort())
  })

  test('each entry of a batch is refused by itself', async () => {
    const [call] = FOREIGN['POST /fhir'] ?? []
    const { entry } = (await (await t.send('sagamino', present(call, 'a batch')())).json()) as {
      entry: { response: { status: string } }[]
    }
    expect(entry.map(({ response }) => response.status)).toEqual(['403', '403'])
  })

  test.each(Object.entries(FOREIGN))('%s', async (_route, [call, status]) => {
    const others = async () =>
      Object.entries(await rowCounts(t.db)).filter(([name]) => !/^(audit_|replay$|epoch$)/.test(name))
    const before = await others()
    const response = await t.send('sagamino', call())
    const text = await response.text()
    expect(response.status, text).toBe(status)
    for (const word of PERSONS) expect(text).not.toContain(word)
    expect(await others()).toEqual(before)
  })
})

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

test('D1: another region’s patient reads as one who does not exist: the same body, medians within ±5 ms', {
  retry: 3,
  timeout: 60_000,
}, async () => {
  const times = new Map<string, number[]>([
    ['m-1', []],
    ['m-x', []],
  ])
  for (let turn = 0; turn < 61; turn++) {
    for (const [id, list] of times) {
      const started = performance.now()
      const response = await t.send('shiokaze', { method: 'GET', path: `/fhir/Patient/${id}` })
      const ms = performance.now() - started
      if (turn > 0) list.push(ms)
      const text = (await response.text()).replaceAll(response.headers.get('x-request-id') ?? '', '')
      expect([response.status, text.includes('resource-unknown')]).toEqual([404, true])
      if (id === 'm-x') expect(text).not.toContain('m-1')
    }
  }
  const [theirs = [], nobodys = []] = [...times.values()]
  expect(Math.abs(median(theirs) - median(nobodys))).toBeLessThan(5)
})

test('D2: handles are 256 random bits; who tries some finds nobody, is on record, and stands on the worklist', async () => {
  await using own = await testHub()
  await register(own, 'minato', 'm-1')
  for (let n = 0; n < 10; n++) {
    const handle = String(n).padStart(42, 'A').concat('A')
    const patientHash = saltedPatientHash(saltFor('salt', 'patient'), SYSTEMS.handle, handle)
    const guess = {
      form: { 'patient.identifier': `${SYSTEMS.handle}|${handle}`, _salt: 'salt' },
      patientHash,
    }
    const response = await own.send('shiokaze', queryCall('shiokaze', guess))
    expect([response.status, await refusalCode(response)]).toEqual([403, 'not-provided'])
  }
  expect(await records(own, 'query.attempt')).toHaveLength(10)
  await runRules(own.hub, '2026-06-01')
  const listed = await own.send('shiokaze', { method: 'GET', path: '/oversight/findings' })
  expect(await listed.json()).toMatchObject([{ rule: 'many-unfound' }])
})

/** Members that nobody asked for, wherever JSON of ours is taken. */
const EXTRA = { role: 'admin', region: 'minato' }

test('D4: what is not asked for is refused, whole: nobody gives themselves a role or a region', async () => {
  const before = await rowCounts(t.db)
  const strict = Object.entries(FOREIGN).filter(([route]) =>
    /^(POST|PUT) \/(review|emergencies|oversight|policy)/.test(route),
  )
  expect(strict.length).toBeGreaterThan(10)
  for (const [route, [call]] of strict) {
    const sent = call()
    const body = JSON.stringify({ ...JSON.parse(sent.body ?? '{}'), ...EXTRA })
    const { status } = await t.send('shiokaze', { ...sent, body })
    expect([400, 422], route).toContain(status)
  }
  const consent = { ...consentIn('shiokaze', 'p-1', { meta: { versionId: '2' } }), ...EXTRA }
  expect((await t.send('shiokaze', json('/fhir/Consent', consent))).status).toBe(422)
  expect((await t.send('shiokaze', json('/fhir/Encounter', { ...visit, ...EXTRA }))).status).toBe(422)
  // And in the signed request itself.
  const claimed = queryCall('shiokaze')
  expect((await t.send('shiokaze', { ...claimed, claims: { ...claimed.claims, ...EXTRA } })).status).toBe(401)
  const after = await rowCounts(t.db)
  for (const name of ['consent', 'visit', 'policy', 'registration', 'emergency'])
    expect(after[name], name).toBe(before[name])
})

test('D3: a council’s policy is its own: one region’s version says nothing of another’s', async () => {
  await using own = await testHub()
  await own.db.transaction((tx) => recordPolicy(tx, 'minato', policyFrom({ version: 7 }), NOON))
  expect((await own.send('sagamino', json('/policy', policyFrom({ version: 2 }), 'PUT'))).status).toBe(201)
  expect(await records(own, 'policy.recorded')).toMatchObject([
    {},
    {},
    {},
    { region: 'minato' },
    { region: 'sagamino', version: 2 },
  ])
})
