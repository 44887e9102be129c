import { expect, test } from 'vitest'
import { countOverdue } from '../../src/broker/index.ts'
import { tokyoDate } from '../../src/consent/index.ts'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import { recordPolicy } from '../../src/registry/index.ts'
import { saltedPatientHash, saltFor } from '../../src/trust/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { patientIn, queryCall, type RegionId, register, type TestHub, testHub } from '../support/test-hub.ts'
import { HONEST, readAnswer, records } from './ask-three.ts'

/** Cases D18 to D22: breaking the glass, and what is owed for it. */
const REASON = '意識がなく、家族とも連絡がとれないため'
const SECONDS = NOON.getTime() / 1000

const glass = (changes: object = {}) => ({
  purpose: 'BTG' as const,
  visit: undefined,
  breakGlass: { reason: REASON, since: SECONDS, secondFactor: true, ...changes },
})

async function setup(overrides: Parameters<typeof testHub>[0] = {}) {
  const t = await testHub(overrides)
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [HONEST] }))
  return t
}

async function notices(t: TestHub, kind: string) {
  const rows = await t.db.select().from(outbox).orderBy(outbox.id)
  return rows
    .map(({ destination, body }) => ({ to: destination, ...JSON.parse(body) }))
    .filter((notice) => notice.kind === kind)
}

async function listed(t: TestHub, region: RegionId) {
  const response = await t.send(region, { method: 'GET', path: '/emergencies' })
  expect(response.status).toBe(200)
  return (await response.json()) as {
    emergency: string
    views: number
    report: string | null
    review: object | null
  }[]
}

function settle(t: TestHub, region: RegionId, what: 'report' | 'review', body: object) {
  return t.send(region, {
    method: 'POST',
    path: `/emergencies/${what}`,
    body: JSON.stringify(body),
    contentType: 'application/json',
  })
}

test('D18: 200 without a visit; the holder’s council is told at once, and a report and a review are owed', async () => {
  await using t = await setup()
  await readAnswer(await t.send('shiokaze', queryCall('shiokaze', glass())))
  await readAnswer(await t.send('shiokaze', queryCall('shiokaze', glass())))
  expect(await notices(t, 'emergency')).toEqual([
    expect.objectContaining({
      ...{ to: 'minato', patient: 'm-1', region: 'shiokaze', user: 'dr-1', reason: REASON },
      ...{ at: NOON.toISOString(), reportDueAt: new Date(NOON.getTime() + 86_400_000).toISOString() },
      reviewDueOn: '2026-06-08',
    }),
  ])
  const [opened] = await records(t, 'emergency.opened')
  expect(opened).toMatchObject({ holders: ['minato'], reason: REASON })
  expect(await listed(t, 'shiokaze')).toMatchObject([{ views: 2, report: null, review: null }])
  expect(await listed(t, 'minato')).toMatchObject([
    { review: { patient: 'm-1', dueOn: '2026-06-08', finding: null } },
  ])
  expect(await listed(t, 'sagamino')).toEqual([])
})

test('D22: what is owed and late is counted: the report after a day, the review after five working days', async () => {
  await using t = await setup()
  await t.send('shiokaze', queryCall('shiokaze', glass()))
  const after = (days: number) => new Date(NOON.getTime() + days * 86_400_000 + 1_000)
  const overdue = (days: number) => countOverdue(t.db, after(days), tokyoDate(after(days)))
  expect(await overdue(0)).toEqual({ reports: 0, reviews: 0 })
  expect(await overdue(1)).toEqual({ reports: 1, reviews: 0 })
  expect(await overdue(7)).toEqual({ reports: 1, reviews: 0 })
  expect(await overdue(8)).toEqual({ reports: 1, reviews: 1 })
})

test('the user reports, the privacy officer reviews, each once and for themselves only', async () => {
  await using t = await setup()
  await t.send('shiokaze', queryCall('shiokaze', glass()))
  const emergency = (await listed(t, 'shiokaze'))[0]?.emergency ?? ''
  const report = { emergency, by: 'dr-1', report: '薬剤アレルギーを確かめ、処置に用いた。' }
  const review = {
    emergency,
    officer: '個人情報管理者',
    finding: 'proper',
    note: '救急搬送の記録と一致した。',
  }
  expect((await settle(t, 'minato', 'report', report)).status).toBe(404)
  expect((await settle(t, 'shiokaze', 'report', { ...report, report: '短い' })).status).toBe(422)
  expect((await settle(t, 'shiokaze', 'report', report)).status).toBe(204)
  expect((await settle(t, 'shiokaze', 'report', report)).status).toBe(404)
  expect((await settle(t, 'sagamino', 'review', review)).status).toBe(404)
  expect((await settle(t, 'minato', 'review', review)).status).toBe(204)
  expect((await settle(t, 'minato', 'review', review)).status).toBe(404)
  expect(await records(t, 'emergency.reported')).toMatchObject([{ by: 'dr-1' }])
  expect(await records(t, 'emergency.reviewed')).toMatchObject([{ region: 'minato', finding: 'proper' }])
})

const person = {
  resourceType: 'Patient',
  identifier: [
    { system: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID', value: '33120015:あ:123456:01' },
  ],
  name: [
    {
      family: '汐見',
      given: ['花子'],
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode: 'IDE' },
      ],
    },
    {
      family: 'シオミ',
      given: ['ハナコ'],
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation', valueCode: 'SYL' },
      ],
    },
  ],
  gender: 'female',
  birthDate: '1961-02-03',
  address: [{ city: '汐見市', line: ['港町1-2-3'], postalCode: '299-0001' }],
}

test.each<[string, object, string]>([
  ['by one factor', glass({ secondFactor: false }), 'second-factor-missing'],
  ['at a pharmacy’s post', { ...glass(), profession: 'pharmacist' }, 'break-glass-not-permitted'],
  ['by a nurse', { ...glass(), profession: 'nurse' }, 'break-glass-not-permitted'],
  ['an hour and a second later', glass({ since: SECONDS - 3_601 }), 'break-glass-expired'],
  ['with the ordinary purpose', { ...glass(), purpose: 'TREAT' }, 'purpose-mismatch'],
])(
  'D18, D20: 403 as for anybody %s; nobody is asked, and why is on record',
  async (_case, changes, reason) => {
    await using t = await setup()
    const response = await t.send('shiokaze', queryCall('shiokaze', changes))
    expect(response.status).toBe(403)
    const text = await response.text()
    expect(text).toContain('not-provided')
    expect(text).not.toContain(reason)
    expect(t.gateways.minato.calls).toEqual([])
    const [attempt] = await records(t, 'query.attempt')
    expect(attempt?.verdicts).toMatchObject([
      { region: 'minato', verdict: 'deny', reason },
      { region: 'sagamino' },
    ])
    expect(await notices(t, 'emergency')).toEqual([])
  },
)

test('D18: of two who fit the description nobody is opened', async () => {
  await using t = await setup()
  // A twin: the same name as written, sex, birth date and address, and another number.
  const { identifier } = patientIn('minato', 'm-2') as { identifier: [object, { value: string }] }
  const twin = [identifier[0], { ...identifier[1], value: '33120015:あ:123456:02' }]
  await register(t, 'minato', 'm-2', { changes: { identifier: twin } })
  const { identifier: _number, ...described } = person
  expect((await askDescribed(t, described, glass())).status).toBe(403)
  expect(t.gateways.minato.calls).toEqual([])
  expect(await notices(t, 'emergency')).toEqual([])
})

test('D20: an emergency opens its one patient and no other, and its next call needs its reason again', async () => {
  await using t = await setup()
  const alone = { birthDate: '1975-07-08', identifier: [], name: [{ text: '山手 次郎' }], gender: 'male' }
  const { identifier } = patientIn('shiokaze', 'p-2') as { identifier: object[] }
  await register(t, 'shiokaze', 'p-2', { changes: { ...alone, identifier: identifier.slice(0, 1) } })
  await readAnswer(await t.send('shiokaze', queryCall('shiokaze', glass())))
  const other = { localId: 'p-2', birthDate: '1975-07-08', sex: 'male' }
  expect((await t.send('shiokaze', queryCall('shiokaze', { ...glass(), ...other }))).status).toBe(403)
  expect((await t.send('shiokaze', queryCall('shiokaze', { visit: undefined }))).status).toBe(403)
  expect(await notices(t, 'emergency')).toHaveLength(1)
})

test('D18: 401 without a reason that says anything: the request itself is not well formed', async () => {
  await using t = await setup()
  const response = await t.send('shiokaze', queryCall('shiokaze', glass({ reason: '急患' })))
  expect(response.status).toBe(401)
})

test('no emergency lifts a withdrawal, and none makes up for consent where the council names no ground', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1', { consent: false })
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [HONEST] }))
  expect((await t.send('shiokaze', queryCall('shiokaze', glass()))).status).toBe(403)
  const forms = { 'form-2025': readAs('medical-and-care') }
  const policy = policyFrom({ version: 2, forms })
  const breakGlass = { ...policy.breakGlass, withoutConsent: 'life-or-body' as const }
  await t.db.transaction((tx) => recordPolicy(tx, 'minato', { ...policy, breakGlass }, NOON))
  await readAnswer(await t.send('shiokaze', queryCall('shiokaze', glass())))
  expect((await records(t, 'query.attempt')).at(-1)?.verdicts).toMatchObject([
    { region: 'minato', verdict: 'permit', ground: 'emergency-without-consent' },
    { region: 'sagamino' },
  ])
})

test('D21: the sixth in a day is answered, and both councils hear of the habit', async () => {
  let at = NOON
  await using t = await setup({ now: () => at })
  for (let nth = 1; nth <= 6; nth++) {
    at = new Date(NOON.getTime() + nth * 1_000)
    const since = at.getTime() / 1000
    await readAnswer(await t.send('shiokaze', queryCall('shiokaze', glass({ since }))))
    expect(await notices(t, 'emergency-habit')).toHaveLength(nth < 6 ? 0 : 2)
  }
  const [one, other] = await notices(t, 'emergency-habit')
  expect([one?.to, other?.to].sort()).toEqual(['minato', 'shiokaze'])
  expect(one).toMatchObject({ user: 'dr-1', count: 6 })
})

test('D18: emergencies by description need all four attributes', async () => {
  await using t = await setup()
  const { address: _address, ...three } = person
  const ask = (patient: object) => askDescribed(t, patient, glass())
  expect((await ask(three)).status).toBe(403)
  expect((await records(t, 'query.attempt'))[0]?.verdicts).toMatchObject([
    { region: 'minato', reason: 'not-exactly-one-person' },
    { region: 'sagamino' },
  ])
  expect((await ask(person)).status).toBe(200)
})

function askDescribed(t: TestHub, patient: object, changes: object): Promise<Response> {
  const text = JSON.stringify(patient)
  const salt = new URLSearchParams(queryCall('shiokaze').body).get('_salt') ?? ''
  const patientHash = saltedPatientHash(saltFor(salt, 'patient'), '_demographics', text)
  const body = new URLSearchParams({ _demographics: text, _salt: salt }).toString()
  return t.send('shiokaze', { ...queryCall('shiokaze', { ...changes, patientHash }), body })
}
