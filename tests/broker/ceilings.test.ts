import { expect, test } from 'vitest'
import { forgetViewsBefore } from '../../src/broker/index.ts'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import { recordPolicy } from '../../src/registry/index.ts'
import { saltedPatientHash, saltFor } from '../../src/trust/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { patientIn, queryCall, type RegionId, register, type TestHub, testHub } from '../support/test-hub.ts'
import { HONEST, records } from './ask-three.ts'

const FORMS = { 'form-2025': readAs('medical-and-care') }

function limit(t: TestHub, region: RegionId, ceilings: { perUser: number; perInstitution: number }) {
  const policy = policyFrom({ version: 2, forms: FORMS, ceilings })
  return t.db.transaction((tx) => recordPolicy(tx, region, policy, NOON))
}

/** Two residents of both regions. */
async function twoResidents(): Promise<TestHub> {
  const t = await testHub()
  const other = (region: RegionId, id: string) => {
    const { identifier } = patientIn(region, id) as { identifier: { value: string }[] }
    return {
      identifier: [identifier[0], { ...identifier[1], value: '33120015:あ:999999:02' }],
      birthDate: '1975-07-08',
      name: [{ text: '山手 次郎' }],
      gender: 'male',
    }
  }
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  await register(t, 'minato', 'm-2', { changes: other('minato', 'm-2') })
  await register(t, 'shiokaze', 'p-2', { changes: other('shiokaze', 'p-2') })
  t.gateways.minato.answers(() => ({ resources: [HONEST] }))
  return t
}

const first = (changes: object = {}) => queryCall('shiokaze', changes)
const second = (changes: object = {}) =>
  queryCall('shiokaze', { localId: 'p-2', birthDate: '1975-07-08', sex: 'male', ...changes })

test('over the holder’s ceiling nobody new is shown, refused as anybody is; whom one has seen is seen again', async () => {
  await using t = await twoResidents()
  await limit(t, 'minato', { perUser: 1, perInstitution: 100 })
  expect((await t.send('shiokaze', first())).status).toBe(200)
  const refused = await t.send('shiokaze', second())
  expect(refused.status).toBe(403)
  expect(await refused.text()).not.toContain('ceiling')
  expect((await t.send('shiokaze', first())).status).toBe(200)
  expect((await records(t, 'query.attempt'))[1]?.verdicts).toMatchObject([
    { region: 'minato', reason: 'ceiling-reached' },
    { region: 'sagamino' },
  ])
  expect((await t.send('shiokaze', second({ user: 'dr-2' }))).status).toBe(200)
})

test('the ceiling of an institution counts all its users', async () => {
  await using t = await twoResidents()
  await limit(t, 'minato', { perUser: 1, perInstitution: 1 })
  expect((await t.send('shiokaze', first())).status).toBe(200)
  expect((await t.send('shiokaze', second({ user: 'dr-2' }))).status).toBe(403)
})

test('what was counted is forgotten with the day', async () => {
  await using t = await twoResidents()
  await limit(t, 'minato', { perUser: 1, perInstitution: 100 })
  await t.send('shiokaze', first())
  await forgetViewsBefore(t.db, '2026-06-01')
  expect((await t.send('shiokaze', second())).status).toBe(403)
  await forgetViewsBefore(t.db, '2026-06-02')
  expect((await t.send('shiokaze', second())).status).toBe(200)
})

test('a first view across regions is told to the holder’s council, once', async () => {
  await using t = await twoResidents()
  for (const user of ['dr-1', 'dr-2']) await t.send('shiokaze', first({ user }))
  const told = (await t.db.select().from(outbox)).map(({ destination, body }) => [
    destination,
    JSON.parse(body),
  ])
  expect(told.filter(([, notice]) => notice.kind === 'first-view')).toEqual([
    [
      'minato',
      {
        kind: 'first-view',
        patient: 'm-1',
        region: 'shiokaze',
        institution: '1410000003',
        at: NOON.toISOString(),
      },
    ],
  ])
})

function guess(t: TestHub, patient: object, user = 'dr-1') {
  const text = JSON.stringify(patient)
  const asked = queryCall('shiokaze', { user })
  const salt = new URLSearchParams(asked.body).get('_salt') ?? ''
  const patientHash = saltedPatientHash(saltFor(salt, 'patient'), '_demographics', text)
  const body = new URLSearchParams({ _demographics: text, _salt: salt }).toString()
  return t.send('shiokaze', { ...queryCall('shiokaze', { user, patientHash }), body })
}

test('who describes people in vain finds nobody any more that day, in the same words', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  t.gateways.minato.answers(() => ({ resources: [HONEST] }))
  await limit(t, 'shiokaze', { perUser: 2, perInstitution: 100 })
  const { identifier, ...who } = patientIn('minato', 'x') as { identifier: object[] }
  const right = { ...who, identifier: [identifier[1]] }
  const wrong = { ...right, birthDate: '1961-02-04' }
  expect((await guess(t, right)).status).toBe(200)
  const misses = [await guess(t, wrong), await guess(t, wrong)]
  expect(misses.map(({ status }) => status)).toEqual([403, 403])
  const over = await guess(t, right)
  expect(over.status).toBe(403)
  const plain = (text: string) => text.replace(/\([A-Za-z0-9_-]{22}\)/, '')
  expect(plain(await over.text())).toBe(plain((await misses[0]?.text()) ?? ''))
  expect((await guess(t, right, 'dr-2')).status).toBe(200)
})
