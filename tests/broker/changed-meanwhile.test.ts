import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  endAgreement,
  endMembership,
  putRegion,
  recordPolicy,
  retireKey,
  setStage,
} from '../../src/registry/index.ts'
import { refusalCode } from '../support/expect-refusal.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import {
  CLINIC_OF,
  consentIn,
  patientIn,
  patientPath,
  queryCall,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

const ALLERGY = JSON.stringify({
  resourceType: 'AllergyIntolerance',
  id: 'a1',
  category: ['medication'],
  code: { text: 'ロキソプロフェン' },
  patient: { reference: 'Patient/p' },
})

/** Something changes while the other region has the question; its answer is on its way when that committed. */
async function askWhile(t: TestHub, change: (t: TestHub) => Promise<unknown>): Promise<Response> {
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(async () => {
    await change(t)
    return { resources: [ALLERGY] }
  })
  return t.send('shiokaze', queryCall('shiokaze'))
}

const put = (region: 'minato' | 'shiokaze', localId: string, changes: object) => (t: TestHub) =>
  t.send(region, {
    method: 'PUT',
    path: patientPath(region, localId),
    body: JSON.stringify(patientIn(region, localId, changes)),
  })

const AFTER = new Date(NOON.getTime() - 1)
const PROTECTED = { meta: { security: [{ system: 'https://tsunagi.example/CodeSystem/protection' }] } }

test.each<[string, (t: TestHub) => Promise<unknown>]>([
  [
    'the resident withdraws',
    (t) =>
      t.send('minato', {
        method: 'POST',
        path: '/fhir/Consent',
        body: JSON.stringify(consentIn('minato', 'm-1', { meta: { versionId: '2' }, status: 'inactive' })),
      }),
  ],
  ['the resident is protected at the asker', put('shiokaze', 'p-1', PROTECTED)],
  ['the two are unlinked', put('minato', 'm-1', { birthDate: '1970-01-01' })],
  ['the holder’s registration goes inactive', put('minato', 'm-1', { active: false })],
  [
    'the agreement ends',
    (t) => t.db.transaction((tx) => endAgreement(tx, { asking: 'shiokaze', holding: 'minato' }, AFTER)),
  ],
  [
    'the institution leaves',
    (t) =>
      t.db.transaction((tx) =>
        endMembership(tx, { institution: CLINIC_OF.shiokaze, region: 'shiokaze' }, AFTER),
      ),
  ],
  [
    'the asking region is suspended',
    (t) => t.db.transaction((tx) => setStage(tx, 'shiokaze', 'suspended', AFTER)),
  ],
  ['the holding region leaves', (t) => t.db.transaction((tx) => setStage(tx, 'minato', 'left', AFTER))],
  [
    'the holder shares nothing any more',
    (t) =>
      t.db.transaction((tx) =>
        recordPolicy(tx, 'minato', policyFrom({ version: 2, forms: {} }, AFTER), AFTER),
      ),
  ],
])('403 as for anybody when %s before the answer is released', async (_case, change) => {
  await using t = await testHub()
  const response = await askWhile(t, change)
  const text = await response.text()
  expect(response.status, text).toBe(403)
  expect(text).toContain('not-provided')
  expect(text).not.toContain('ロキソプロフェン')
})

test('401 when the key that signed the request is retired before the answer is released', async () => {
  await using t = await testHub()
  const response = await askWhile(t, () =>
    t.db.transaction((tx) => retireKey(tx, t.keys.shiokaze.kid, AFTER)),
  )
  expect(response.status).toBe(401)
  expect(await refusalCode(response)).toBe('signing-key-unknown')
})

test('a source whose key is retired while its answer waits to be released gives nothing', async () => {
  await using t = await testHub()
  const committed = Promise.withResolvers<void>()
  const response = await askWhile(t, async () => {
    const retired = Promise.withResolvers<void>()
    // The answer is checked before this commits, and its release waits for it.
    const change = t.db.transaction(async (tx) => {
      await retireKey(tx, t.keys.minato.kid, AFTER)
      retired.resolve()
      await wait(200)
    })
    void change.then(committed.resolve)
    await retired.promise
  })
  await committed.promise
  const text = await response.text()
  expect(response.status, text).toBe(403)
  expect(text).not.toContain('ロキソプロフェン')
})

test('a region that keeps changing and gives nothing does not hold up the answer of another', async () => {
  await using t = await testHub()
  const { url: gatewayUrl } = t.gateways.sagamino
  const sagamino = { id: 'sagamino', name: '相模野', patientSystem: SYSTEM_OF.sagamino, gatewayUrl }
  let isOver = false
  const changes: Promise<void>[] = []
  async function keepChanging(): Promise<void> {
    while (!isOver) await t.db.transaction((tx) => putRegion(tx, { ...sagamino, stage: 'asking' }, NOON))
  }
  const response = await askWhile(t, async () => {
    changes.push(keepChanging(), keepChanging())
  })
  isOver = true
  await Promise.all(changes)
  const text = await response.text()
  expect(response.status, text).toBe(200)
  expect(text).toContain('ロキソプロフェン')
})
