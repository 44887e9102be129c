import { eq } from 'drizzle-orm'
import { Client } from 'fhir-kit-client'
import { describe, expect, test } from 'vitest'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import { promiseHeld } from '../../src/gateway/tables.ts'
import {
  EMPTY_ROOT,
  freshClaims,
  saltedBirthSexHash,
  saltedPatientHash,
  saltFor,
} from '../../src/trust/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { NOON } from '../support/test-context.ts'
import { ASKING, type PeerSource, promiseOf, receiptOf } from './local-peer.ts'
import { answerTo, FEED, type HubAnswers, SYSTEM, type TestRegion, testRegion } from './local-region.ts'

const ASTHMA =
  '{"resourceType":"Condition","id":"c-9","subject":{"reference":"Patient/x"},"code":{"text":"喘息"},"onsetAge":{"value":7.10}}'
const HELD: PeerSource[] = [{ region: 'sagamino', status: 'complete', texts: [ASTHMA] }]

const honest =
  (region: TestRegion, sources = HELD): HubAnswers =>
  (call) =>
    answerTo(region, call, { sources })

async function ask(
  region: TestRegion,
  path: string,
  options: { form?: Record<string, string>; token?: string; login?: object } = {},
) {
  const { form, token = await region.login(options.login) } = options
  return fetch(`${region.url}/fhir/${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/fhir+json',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  })
}

async function refusal(response: Response): Promise<[number, string]> {
  const { issue } = (await response.json()) as { issue: [{ details: { coding: [{ code: string }] } }] }
  return [response.status, issue[0].details.coding[0].code]
}

async function audited(region: TestRegion, kind: string): Promise<Record<string, unknown>[]> {
  const rows = await region.ctx.db
    .select({ detail: auditDetail.detail })
    .from(auditEntry)
    .innerJoin(auditDetail, eq(auditDetail.entry, auditEntry.number))
    .where(eq(auditEntry.kind, kind))
  return rows.map(({ detail }) => JSON.parse(detail))
}

test('D24: where somebody works is what their login says: neither a search nor a form can say another', async () => {
  await using region = await testRegion()
  region.state.answers = honest(region)
  const elsewhere = '1410000009'
  for (const name of ['institution', 'subject_organization_id', '_institution']) {
    expect((await ask(region, `Condition?patient=p-1&${name}=${elsewhere}`)).status).toBe(400)
    const form = { patient: 'p-1', [name]: elsewhere }
    expect((await ask(region, 'Condition/_search', { form })).status).toBe(400)
    const login = await region.login()
    const body = new URLSearchParams({ login, patient: '7001', [name]: elsewhere })
    expect((await fetch(`${region.url}/viewer/launch`, { method: 'POST', body })).status).toBe(400)
  }
  expect(region.calls).toEqual([])
  expect((await ask(region, 'Condition?patient=p-1')).status).toBe(200)
  const claims = region.calls[0]?.claims.extensions?.ihe_iua
  expect(JSON.stringify(claims)).toContain('1410000001')
  expect(JSON.stringify(region.calls)).not.toContain(elsewhere)
})

test.each<[string, object, Record<string, string>, string]>([
  [
    'an emergency by one factor',
    {},
    { _reason: '意識がなく、本人に確認できないため' },
    'break-glass-not-permitted',
  ],
  [
    'an emergency by a nurse',
    { profession: 'nurse', amr: ['pwd', 'otp'] },
    { _reason: '意識がなく、本人に確認できないため' },
    'break-glass-not-permitted',
  ],
  [
    'a first visit by a pharmacist',
    { profession: 'pharmacist' },
    { '_first-visit': 'confirmed' },
    'first-visit-not-permitted',
  ],
])(
  'D18: 403 for %s that the own council does not let be: nothing is signed, and who tried is on record',
  async (_what, login, more, code) => {
    await using region = await testRegion()
    region.state.answers = honest(region)
    const form = { patient: 'p-1', ...more }
    expect(await refusal(await ask(region, 'Condition/_search', { form, login }))).toEqual([403, code])
    expect(region.calls).toEqual([])
    expect(await audited(region, 'gateway.refusal')).toMatchObject([{ reason: code, user: 'dr-sato' }])
  },
)

test('a clinician reads through the gateway with fhir-kit-client; the digits stay as they were signed', async () => {
  await using region = await testRegion()
  region.state.answers = honest(region)
  const client = new Client({ baseUrl: `${region.url}/fhir`, bearerToken: await region.login() })
  expect(await client.capabilityStatement()).toMatchObject({ resourceType: 'CapabilityStatement' })
  const bundle = await client.search({ resourceType: 'Condition', searchParams: { patient: 'Patient/p-1' } })
  expect(bundle).toMatchObject({ type: 'searchset', entry: [{ resource: { id: 'c-9' } }, {}, {}] })
  const response = await ask(region, 'Condition?patient=Patient/p-1')
  expect(response.headers.get('content-type')).toMatch('application/fhir+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.text()).toContain(ASTHMA)
})

test('the request says who asks by the login alone, and names patient and birth date by salted hashes', async () => {
  await using region = await testRegion()
  region.state.answers = honest(region)
  await ask(region, 'Condition/_search', {
    form: { 'patient.identifier': `${SYSTEM}|7001`, date: 'ge2025-01-01', _item: 'condition' },
    login: { visit: { kind: 'outpatient', patient: '7001' } },
  })
  const [call] = region.calls
  const form = new URLSearchParams(call?.body)
  const salt = form.get('_salt') ?? ''
  expect(Object.fromEntries(form)).toEqual({
    'patient.identifier': `${SYSTEM}|7001`,
    _type: 'Condition',
    _salt: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    date: 'ge2025-01-01',
  })
  expect(call?.claims).toMatchObject({
    iss: ASKING,
    sub: 'dr-sato',
    extensions: {
      ihe_iua: { subject_organization_id: '1410000001', purpose_of_use: [{ code: 'TREAT' }] },
      tsunagi: {
        items: ['condition'],
        patient: saltedPatientHash(saltFor(salt, 'patient'), SYSTEM, '7001'),
        birth_sex: saltedBirthSexHash(saltFor(salt, 'birth-sex'), '1950-03-02', 'female'),
        visit: { kind: 'outpatient', on: '2026-06-01' },
      },
    },
  })
  expect(await audited(region, 'gateway.request')).toMatchObject([
    {
      request: call?.digest,
      user: 'dr-sato',
      patient: { system: SYSTEM, value: '7001' },
      items: ['condition'],
    },
  ])
  expect(await region.ctx.db.select().from(promiseHeld)).toMatchObject([
    { leaf: promiseOf(NOON, call?.digest ?? '').leaf, state: 'open' },
  ])
})

test('somebody not registered here is asked for by demographics, then by the handle; break-glass says why', async () => {
  await using region = await testRegion()
  region.state.answers = honest(region)
  const demographics = JSON.stringify({
    resourceType: 'Patient',
    name: [{ text: '海野 次郎' }],
    birthDate: '1940-01-05',
    gender: 'male',
  })
  await ask(region, '_search', {
    form: { _demographics: demographics, _type: 'Condition,AllergyIntolerance' },
  })
  await ask(region, '_search', {
    form: {
      'patient.identifier': `${SYSTEMS.handle}|opaque`,
      'patient.birthdate': '1940-01-05',
      'patient.gender': 'male',
      _reason: '意識がなく、本人に確認できないため',
    },
    login: { amr: ['pwd', 'otp'] },
  })
  const [first, second] = region.calls.map(({ body, claims }) => ({
    form: new URLSearchParams(body),
    claims,
  }))
  expect(first?.form.get('_demographics')).toBe(demographics)
  expect(first?.claims.extensions?.tsunagi.patient).toBe(
    saltedPatientHash(saltFor(first?.form.get('_salt') ?? '', 'patient'), '_demographics', demographics),
  )
  expect(second?.form.get('patient.identifier')).toBe(`${SYSTEMS.handle}|opaque`)
  expect(second?.claims.extensions).toMatchObject({
    ihe_iua: { purpose_of_use: [{ code: 'BTG' }] },
    tsunagi: { break_glass: { reason: '意識がなく、本人に確認できないため' } },
  })
})

describe('nothing is shown when', () => {
  test.each<[string, (region: TestRegion) => HubAnswers, string]>([
    [
      'a record was altered',
      (region) => (call) =>
        answerTo(region, call, {
          sources: HELD,
          alter: ([first = '', ...rest]) => [first.replace('喘息', '健康'), ...rest],
        }),
      'entries-differ',
    ],
    [
      'a receipt was swapped',
      (region) =>
        honest(region, [
          {
            region: 'sagamino',
            status: 'complete',
            texts: [ASTHMA],
            signedBy: region.peers.shiokaze,
            receipt: { iss: 'shiokaze' },
          },
        ]),
      'receipt-of-another-source',
    ],
    [
      'a record stands under no receipt',
      (region) =>
        honest(region, [{ region: 'sagamino', status: 'timeout', texts: [ASTHMA], isSilent: true }]),
      'record-unproven',
    ],
    [
      'the answer is unsigned',
      (region) => async (call) => ({ ...(await answerTo(region, call, { sources: HELD })), headers: {} }),
      'receipt-missing',
    ],
    [
      'the answer belongs to another query',
      (region) => (call) => answerTo(region, { ...call, digest: 'A'.repeat(43) }, { sources: HELD }),
      'receipt-of-another-query',
    ],
    ['the answer is no answer', () => () => ({ status: 200, text: '<html>' }), 'shape'],
    [
      'a refusal is unsigned',
      () => () => ({ status: 403, text: outcome('not-provided') }),
      'receipt-missing',
    ],
  ])('%s', async (_case, answers, reason) => {
    await using region = await testRegion()
    region.state.answers = answers(region)
    const response = await ask(region, 'Condition?patient=p-1')
    expect(await refusal(response)).toEqual([502, 'hub-answer-invalid'])
    expect(await audited(region, 'answer.condemned')).toMatchObject([{ reason }])
    expect(await region.ctx.db.select().from(promiseHeld)).toEqual([])
  })
})

test('502 for an answer whose leaf was promised for another answer', async () => {
  await using region = await testRegion()
  const promise = promiseOf(NOON, 'one leaf for all')
  region.state.answers = (call) =>
    answerTo(region, call, {
      sources: [{ region: 'sagamino', status: 'complete', texts: [ASTHMA] }],
      receipt: { promise },
    })
  expect((await ask(region, 'Condition?patient=p-1')).status).toBe(200)
  expect(await refusal(await ask(region, 'Condition?patient=p-1'))).toEqual([502, 'hub-answer-invalid'])
  expect(await audited(region, 'answer.condemned')).toMatchObject([{ reason: 'promise-given-before' }])
})

test('403 where nobody provides anything, with the hub’s promise kept', async () => {
  await using region = await testRegion()
  region.state.answers = async ({ digest }) => ({
    status: 403,
    text: outcome('not-provided'),
    headers: {
      'tsunagi-receipt': await receiptOf(region.peers.hub, {
        ...freshClaims(region.hub.url, ASKING, NOON),
        req: digest,
        root: Buffer.from(EMPTY_ROOT).toString('base64url'),
        count: 0,
        status: 'denied',
        promise: promiseOf(NOON, digest),
      }),
    },
  })
  expect(await refusal(await ask(region, 'Condition?patient=p-1'))).toEqual([403, 'not-provided'])
  expect(await region.ctx.db.select().from(promiseHeld)).toHaveLength(1)
})

const REFUSED_BY_HUB: [number, string, [number, string]][] = [
  [403, 'institution-unknown', [403, 'institution-unknown']],
  [429, 'rate-limited', [429, 'rate-limited']],
  [401, 'signature-invalid', [502, 'hub-refused']],
  [500, 'no-such-code', [502, 'hub-refused']],
]

test('what the hub refuses reaches the asker as far as it concerns them', async () => {
  await using region = await testRegion()
  for (const [status, code, expected] of REFUSED_BY_HUB) {
    region.state.answers = () => ({ status, text: outcome(code) })
    expect(await refusal(await ask(region, 'Condition?patient=p-1')), code).toEqual(expected)
  }
})

test('502 when the hub is down, after the question was put on record', async () => {
  await using region = await testRegion()
  region.hub.close()
  expect(await refusal(await ask(region, 'Condition?patient=p-1'))).toEqual([502, 'hub-unreachable'])
  expect(await audited(region, 'gateway.request')).toHaveLength(1)
})

const REFUSED: [string, string, Record<string, string> | undefined, [number, string]][] = [
  ['an unknown patient', 'Condition?patient=p-2', undefined, [404, 'patient-unknown']],
  [
    'another region’s patient id',
    'Condition?patient.identifier=urn:oid:2.999.14.1.2|1',
    undefined,
    [403, 'foreign-patient-domain'],
  ],
  ['no patient', 'Condition', undefined, [400, 'parameter-unsupported']],
  ['two patients', 'Condition?patient=p-1&patient=p-2', undefined, [400, 'parameter-unsupported']],
  ['an unknown parameter', 'Condition?patient=p-1&_include=x', undefined, [400, 'parameter-unsupported']],
  ['demographics in a URL', 'Condition?_demographics=%7B%7D', undefined, [400, 'parameter-unsupported']],
  ['a type that carries no item', 'Immunization?patient=p-1', undefined, [404, 'path-unknown']],
  [
    'an impossible date',
    'Condition?patient=p-1&date=ge2025-02-30',
    undefined,
    [400, 'parameter-unsupported'],
  ],
  ['a reason of a few letters', '_search', { patient: 'p-1', _reason: '急' }, [400, 'parameter-unsupported']],
  [
    'demographics that are no Patient',
    '_search',
    { _demographics: '{"resourceType":"Person"}' },
    [422, 'resource-invalid'],
  ],
  [
    'a handle alone',
    '_search',
    { 'patient.identifier': `${SYSTEMS.handle}|x` },
    [400, 'parameter-unsupported'],
  ],
]

test('what is not a question is refused before anything leaves', async () => {
  await using region = await testRegion()
  for (const [what, path, form, expected] of REFUSED) {
    expect(await refusal(await ask(region, path, form && { form })), what).toEqual(expected)
  }
  expect(region.calls).toEqual([])
})

test('401 without a login, 403 with a feeding system’s; nothing leaves', async () => {
  await using region = await testRegion()
  expect(await refusal(await ask(region, 'Condition?patient=p-1', { token: 'x.y.z' }))).toEqual([
    401,
    'login-required',
  ])
  const feed = await region.login(FEED)
  expect(await refusal(await ask(region, 'Condition?patient=p-1', { token: feed }))).toEqual([
    403,
    'login-unfit',
  ])
  expect(region.calls).toEqual([])
})

test('a local server that ignores the parameter shows nobody else’s records', async () => {
  await using region = await testRegion()
  region.state.patients = [
    {
      resourceType: 'Patient',
      id: 'p-1',
      identifier: [
        { system: SYSTEM, value: '7009' },
        { system: SYSTEM, value: '7001' },
      ],
    },
  ]
  expect(await refusal(await ask(region, `Condition?patient.identifier=${SYSTEM}|7001`))).toEqual([
    404,
    'patient-unknown',
  ])
})

function outcome(code: string): string {
  return JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [
      { severity: 'error', code: 'forbidden', details: { coding: [{ system: SYSTEMS.refusal, code }] } },
    ],
  })
}
