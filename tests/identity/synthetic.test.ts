import { ne } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { findPerson, linkEverybody, mergePersons, personOf } from '../../src/identity/index.ts'
import { registration, registrationKey } from '../../src/identity/tables.ts'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import { setStage } from '../../src/registry/index.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { NOON } from '../support/test-context.ts'
import {
  patientIn,
  patientPath,
  queryCall,
  type RegionId,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

const HTEST = { system: SYSTEMS.purpose, code: 'HTEST' }
const SYNTHETIC = { meta: { security: [HTEST] } }
const DEAD = { ...SYNTHETIC, deceasedDateTime: '2026-01-02' }
const PROTECTED = { meta: { security: [HTEST, { system: SYSTEMS.protection }] } }

/** A resident of shiokaze and minato, whom sagamino knows nothing of: it is only being connected. */
async function setup(): Promise<TestHub> {
  const t = await testHub()
  await register(t, 'shiokaze', 'p-1')
  await register(t, 'minato', 'm-1')
  await t.db.transaction((tx) => setStage(tx, 'sagamino', 'connected', NOON))
  t.gateways.minato.answers(() => ({ resources: [] }))
  return t
}

function feed(t: TestHub, region: RegionId, id: string, changes: object = {}): Promise<Response> {
  const body = JSON.stringify(patientIn(region, id, changes))
  return t.send(region, { method: 'PUT', path: patientPath(region, id), body })
}

/** The real resident is one person, alive, not protected, and asked about with success. */
async function expectUntouched(t: TestHub): Promise<void> {
  const person = await findPerson(t.db, { region: 'shiokaze', localId: 'p-1' })
  expect(person?.registrations).toMatchObject([
    { localId: 'm-1', protected: false, deceasedOn: undefined },
    { localId: 'p-1', protected: false, deceasedOn: undefined },
  ])
  const told = await t.db.select().from(outbox).where(ne(outbox.destination, 'sagamino'))
  expect(told.filter(({ body }) => body.includes('"standing"'))).toEqual([])
  const answer = await t.send('shiokaze', queryCall('shiokaze'))
  expect(answer.status, await answer.text()).toBe(200)
  expect(t.gateways.minato.calls.length).toBeGreaterThan(0)
}

for (const [name, changes] of [
  ['is dead', DEAD],
  ['is protected', PROTECTED],
] as const) {
  test(`a synthetic resident who ${name} says nothing of a real one alike in everything`, async () => {
    await using t = await setup()
    expect((await feed(t, 'sagamino', 's-1', changes)).status).toBe(201)
    await expectUntouched(t)
    await linkEverybody(t.hub, { threads: 1 })
    await expectUntouched(t)
  })
}

test('however many synthetic ones are alike, they part no real link, and are decided about among themselves', async () => {
  await using t = await setup()
  for (let at = 1; at <= 13; at++) expect((await feed(t, 'sagamino', `s-${at}`, DEAD)).status).toBe(201)
  await expectUntouched(t)
  await linkEverybody(t.hub, { threads: 1 })
  await expectUntouched(t)
})

test('synthetic residents are one person with their like, and share no key with anybody real', async () => {
  await using t = await setup()
  await feed(t, 'sagamino', 's-1', SYNTHETIC)
  await feed(t, 'sagamino', 's-2', SYNTHETIC)
  const persons = async () => [
    await personOf(t.db, 'sagamino', 's-1'),
    await personOf(t.db, 'sagamino', 's-2'),
  ]
  const [first, second] = await persons()
  expect(first).toBeDefined()
  expect(second).toBe(first)
  await linkEverybody(t.hub, { threads: 1 })
  expect(await persons()).toEqual([first, first])
  const keys = await t.db.select().from(registrationKey)
  const keysOf = (id: string) => new Set(keys.filter(({ localId }) => localId === id).map(({ key }) => key))
  expect(keysOf('s-1').size).toBeGreaterThan(0)
  expect(keysOf('s-1').intersection(keysOf('m-1')).size).toBe(0)
})

test('no clerk joins a synthetic resident with a real one', async () => {
  await using t = await setup()
  await feed(t, 'sagamino', 's-1', SYNTHETIC)
  const by = { region: 'minato', clerk: 'clerk-1' }
  const deciding = { by, second: { ...by, clerk: 'clerk-2' }, reason: '電話で確認', at: NOON }
  const pair = [
    { region: 'minato', localId: 'm-1' },
    { region: 'sagamino', localId: 's-1' },
  ] as const
  const merging = t.db.transaction((tx) => mergePersons(tx, pair, deciding))
  await expect(merging).rejects.toMatchObject({ code: 'never-one-person' })
  await expectUntouched(t)
})

test('an id goes neither from a synthetic resident to a real one nor back, by no merge either', async () => {
  await using t = await setup()
  const elsewhere = { ...DEAD, birthDate: '1975-07-08' }
  expect((await feed(t, 'minato', 'm-2', elsewhere)).status).toBe(201)
  await expectRefusal(
    await feed(t, 'minato', 'm-2', { birthDate: '1975-07-08' }),
    409,
    'registration-replaced',
  )
  await expectRefusal(await feed(t, 'minato', 'm-1', SYNTHETIC), 409, 'registration-replaced')
  const link = [{ type: 'replaced-by', other: { identifier: { system: SYSTEM_OF.minato, value: 'm-1' } } }]
  const merge = { birthDate: '1975-07-08', active: false, link }
  await expectRefusal(await feed(t, 'minato', 'm-2', merge), 409, 'never-one-person')
  await expectUntouched(t)
})

test('$match offers a region none of its synthetic residents for a real one', async () => {
  await using t = await setup()
  await feed(t, 'minato', 'm-2', SYNTHETIC)
  const resource = patientIn('minato', 'm-1')
  const body = JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'resource', resource }] })
  const answer = await t.send('minato', { method: 'POST', path: '/fhir/Patient/$match', body })
  expect(await answer.json()).toMatchObject({ total: 1, entry: [{ resource: { id: expect.anything() } }] })
  expect(await t.db.$count(registration)).toBe(3)
})
