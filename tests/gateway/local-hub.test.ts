import { expect, test } from 'vitest'
import { promiseHeld } from '../../src/gateway/tables.ts'
import { openLog } from '../../src/kernel/events.ts'
import { sha256 } from '../../src/trust/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { consentIn, patientIn, patientPath, register, type TestHub, testHub } from '../support/test-hub.ts'
import { answerTo, FEED, type TestRegion, testRegion } from './local-region.ts'

/** Its decimal is written with a precision that JSON.parse loses. */
const POTASSIUM =
  '{"resourceType":"Observation","id":"k1","status":"final","category":[{"coding":[{"system":"http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS","code":"laboratory"}]}],"code":{"text":"K"},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":7.10,"unit":"mEq/L"}}'

/** A real hub and a real gateway of minato before it; sagamino is a peer that holds something. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  const t = stack.use(await testHub())
  const { directory, mandate, receipt } = t.hub.keys
  const region = stack.use(
    await testRegion({
      hub: {
        url: t.hub.publicUrl,
        key: t.keys.minato,
        pins: [
          [directory, 'hub'],
          [mandate, 'hub'],
          [receipt, 'hub'],
          [t.keys.sagamino, 'sagamino'],
        ],
      },
    }),
  )
  region.state.patients = [{ ...patientIn('minato', 'm-1'), id: 'p-1' }]
  await register(t, 'sagamino', 's-1')
  t.gateways.sagamino.answers(() => ({ resources: [POTASSIUM] }))
  return { t, region, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function feed(region: TestRegion, method: string, path: string, body: object) {
  return fetch(region.url + path, {
    method,
    headers: { authorization: `Bearer ${await region.login(FEED)}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(body),
  })
}

async function search(region: TestRegion, form: Record<string, string>, isVisited = true) {
  const { _demographics: demographics, 'patient.identifier': identifier } = form
  const patient = demographics === undefined ? (identifier?.split('|')[1] ?? 'm-1') : sha256(demographics)
  const visit = isVisited ? { visit: { kind: 'outpatient', patient } } : {}
  const response = await fetch(`${region.url}/fhir/_search`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await region.login(visit)}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form),
  })
  return { status: response.status, text: await response.text() }
}

const PATIENT_PATH = patientPath('minato', 'm-1')

test('fed through the gateway, asked through the gateway: a real hub’s answer is proven end to end', async () => {
  await using all = await setUp()
  const { region } = all
  expect((await feed(region, 'PUT', PATIENT_PATH, patientIn('minato', 'm-1'))).status).toBe(201)
  expect((await feed(region, 'POST', '/fhir/Consent', consentIn('minato', 'm-1'))).status).toBe(201)
  const { status, text } = await search(region, { patient: 'Patient/p-1' })
  expect(status, text).toBe(200)
  expect(text).toContain(POTASSIUM)
})

test('somebody registered elsewhere only is found by demographics, and then by the handle', async () => {
  await using all = await setUp()
  const { region } = all
  const { identifier, ...who } = patientIn('minato', 'x') as { identifier: { system: string }[] }
  const insured = identifier.filter(({ system }) => system === SYSTEMS.insuredNumber)
  const first = await search(region, { _demographics: JSON.stringify({ ...who, identifier: insured }) })
  expect(first.status, first.text).toBe(200)
  const handle = new RegExp(`"system":"${SYSTEMS.handle}","code":"([^"]+)"`).exec(first.text)?.[1]
  const second = await search(region, {
    'patient.identifier': `${SYSTEMS.handle}|${handle}`,
    'patient.birthdate': '1961-02-03',
    'patient.gender': 'female',
  })
  expect(second.status, second.text).toBe(200)
  expect(second.text).toContain(POTASSIUM)
})

test.each<[string, (t: TestHub) => void, string]>([
  ['that is down', (t) => t.gateways.sagamino.answers(() => ({ delayMs: 1_500 })), 'timeout'],
  ['that holds nothing', (t) => t.gateways.sagamino.answers(() => ({ resources: [] })), 'empty'],
  [
    'that answers with another person',
    (t) => t.gateways.sagamino.answers(() => ({ resources: [POTASSIUM.replace('Patient/p', 'Patient/q')] })),
    'wrong-person',
  ],
])('a source %s is named so, and nothing of it is shown', async (_case, change, state) => {
  await using all = await setUp()
  const { t, region } = all
  await feed(region, 'PUT', PATIENT_PATH, patientIn('minato', 'm-1'))
  change(t)
  const { status, text } = await search(region, { patient: 'Patient/p-1' })
  expect(status, text).toBe(200)
  expect(text).toContain(`"code":"${state}"`)
  expect(text).not.toContain('7.10')
})

test('403 without a visit, proven by the hub’s receipt, whose promise is held', async () => {
  await using all = await setUp()
  const { region } = all
  await feed(region, 'PUT', PATIENT_PATH, patientIn('minato', 'm-1'))
  const { status, text } = await search(region, { patient: 'Patient/p-1' }, false)
  expect([status, text]).toEqual([403, expect.stringContaining('"not-provided"')])
  expect(await region.ctx.db.select().from(promiseHeld)).toMatchObject([{ state: 'open', kind: 'answer' }])
  expect(all.t.gateways.sagamino.calls).toEqual([])
})

test('the log of all this names no patient, no record and no token', async () => {
  const lines: string[] = []
  const log = openLog('debug', { write: (line) => void lines.push(line) })
  await using region = await testRegion({ log })
  const ask = () => search(region, { patient: 'Patient/p-1' })
  region.state.answers = (call) =>
    answerTo(region, call, {
      sources: [{ region: 'sagamino', status: 'complete', texts: [POTASSIUM] }],
      alter: ([first = '', ...rest]) => [first.replace('7.10', '5.10'), ...rest],
    })
  await ask()
  region.state.answers = () => ({ status: 401, text: '7001 港 花子' })
  await ask()
  await region.ctx.db.execute('drop table session cascade')
  await fetch(`${region.url}/viewer`, { headers: { cookie: `__Host-tsunagi=${'A'.repeat(43)}` } })
  await fetch(`${region.url}/viewer/launch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ login: await region.login(), patient: '7001' }),
  })
  expect(lines.length).toBeGreaterThan(2)
  expect(lines.join('\n')).not.toMatch(/7001|港|花子|p-1\b|10,"unit|eyJ[\w-]{8,}\.|1950-03-02|AAAAAAAA/)
})
