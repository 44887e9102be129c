import { expect, test } from 'vitest'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { visitOf } from '../consent/feed.ts'
import { refusalCode } from '../support/expect-refusal.ts'
import { NOON } from '../support/test-context.ts'
import {
  CLINIC_OF,
  consentIn,
  patientPath,
  queryCall,
  type RegionId,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

/** Somebody else than the resident of `patientIn`, in both regions. */
const NEXT = {
  birthDate: '1988-08-08',
  gender: 'male',
  name: [{ family: '次野', given: ['次郎'] }],
}
const nextIn = (region: RegionId, localId: string) => ({
  ...NEXT,
  identifier: [
    { system: SYSTEM_OF[region], value: localId },
    { system: SYSTEMS.insuredNumber, value: '33120015:あ:654321:02' },
  ],
})

async function remove(t: TestHub, region: RegionId, localId: string): Promise<void> {
  const path = patientPath(region, localId)
  expect((await t.send(region, { method: 'DELETE', path })).status).toBe(204)
}

const consent = (t: TestHub, changes: object) =>
  t.send('minato', {
    method: 'POST',
    path: '/fhir/Consent',
    body: JSON.stringify(consentIn('minato', 'm-1', changes)),
  })

const visit = (t: TestHub) =>
  t.send('shiokaze', {
    method: 'POST',
    path: '/fhir/Encounter',
    body: JSON.stringify(
      visitOf({ system: SYSTEM_OF.shiokaze, value: 'p-1' }, { institution: CLINIC_OF.shiokaze }),
    ),
  })

const ask = (t: TestHub, visit?: { kind: 'outpatient'; on: string }) =>
  t.send('shiokaze', queryCall('shiokaze', { birthDate: NEXT.birthDate, sex: NEXT.gender, visit }))

const TODAY = { kind: 'outpatient', on: '2026-06-01' } as const

test('nobody consents for whoever is given the id next', async () => {
  let now = NOON
  await using t = await testHub({ now: () => now })
  await register(t, 'minato', 'm-1')
  await remove(t, 'minato', 'm-1')
  now = new Date(NOON.getTime() + 1_000)
  await register(t, 'minato', 'm-1', { changes: nextIn('minato', 'm-1'), consent: false })
  await register(t, 'shiokaze', 'p-1', { changes: nextIn('shiokaze', 'p-1'), consent: false })
  expect((await ask(t, TODAY)).status).toBe(403)
  expect(await refusalCode(await consent(t, {}))).toBe('version-stale')
  expect((await consent(t, { meta: { versionId: '2' } })).status).toBe(201)
  expect((await ask(t, TODAY)).status).toBe(200)
})

test('a withdrawal stands when the id is taken out and given again', async () => {
  let now = NOON
  await using t = await testHub({ now: () => now })
  await register(t, 'minato', 'm-1')
  await consent(t, { meta: { versionId: '2' }, status: 'inactive' })
  await remove(t, 'minato', 'm-1')
  now = new Date(NOON.getTime() + 1_000)
  await register(t, 'minato', 'm-1', { consent: false })
  expect(await refusalCode(await consent(t, { meta: { versionId: '2' } }))).toBe('version-stale')
})

test('nobody’s visit counts for whoever is given the id next, until it is sent for them', async () => {
  let now = NOON
  await using t = await testHub({ now: () => now })
  await register(t, 'shiokaze', 'p-1')
  expect((await visit(t)).status).toBe(201)
  await remove(t, 'shiokaze', 'p-1')
  now = new Date(NOON.getTime() + 1_000)
  await register(t, 'minato', 'm-1', { changes: nextIn('minato', 'm-1') })
  await register(t, 'shiokaze', 'p-1', { changes: nextIn('shiokaze', 'p-1'), consent: false })
  expect((await ask(t)).status).toBe(403)
  expect((await visit(t)).status).toBe(201)
  expect((await ask(t)).status).toBe(200)
})
