import { expect, test } from 'vitest'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import { SYSTEMS } from '../../src/vocabulary/index.ts'
import {
  patientIn,
  patientPath,
  type RegionId,
  register,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

const PROTECTION = { meta: { security: [{ system: SYSTEMS.protection }] } }
const pathOf = (region: RegionId, id: string) => patientPath(region, id)

async function feed(t: TestHub, region: RegionId, id: string, changes: object = {}): Promise<void> {
  const body = JSON.stringify(patientIn(region, id, changes))
  expect((await t.send(region, { method: 'PUT', path: pathOf(region, id), body })).status).toBeLessThan(300)
}

/** What gateways were told of their patients' standing elsewhere, in order. */
async function told(t: TestHub): Promise<unknown[]> {
  const rows = await t.db.select().from(outbox).orderBy(outbox.id)
  return rows.flatMap(({ destination, body }) => {
    const { kind, patient, protected: isProtected, deceasedOn = null } = JSON.parse(body)
    return kind === 'standing' ? [[destination, patient, isProtected, deceasedOn]] : []
  })
}

async function pair(): Promise<TestHub> {
  const t = await testHub()
  await register(t, 'minato', 'm-1')
  await register(t, 'shiokaze', 'p-1')
  return t
}

test('D17: whoever is protected in one region is told to the gateways of the others, once, and so is the end of it', async () => {
  await using t = await pair()
  expect(await told(t)).toEqual([])
  await feed(t, 'shiokaze', 'p-1', PROTECTION)
  await feed(t, 'shiokaze', 'p-1', { ...PROTECTION, telecom: [{ system: 'phone', value: '045-000-0000' }] })
  await feed(t, 'shiokaze', 'p-1')
  expect(await told(t)).toEqual([
    ['minato', 'm-1', true, null],
    ['minato', 'm-1', false, null],
  ])
})

test('D17: who comes to be linked with a protected person is told of too, who leaves them no longer', async () => {
  await using t = await testHub()
  await register(t, 'shiokaze', 'p-1', { changes: PROTECTION })
  await register(t, 'minato', 'm-1')
  // Another birth date fits no rule of linking.
  await feed(t, 'minato', 'm-1', { birthDate: '1975-07-08' })
  expect(await told(t)).toEqual([
    ['minato', 'm-1', true, null],
    ['minato', 'm-1', false, null],
  ])
})

test('D17: an id that is taken out is free of whom it stood for', async () => {
  await using t = await testHub()
  await register(t, 'shiokaze', 'p-1', { changes: PROTECTION })
  await register(t, 'minato', 'm-1')
  expect((await t.send('minato', { method: 'DELETE', path: pathOf('minato', 'm-1') })).status).toBe(204)
  expect(await told(t)).toEqual([
    ['minato', 'm-1', true, null],
    ['minato', 'm-1', false, null],
  ])
})

test('D26: a death that one region knows of is told to the others', async () => {
  await using t = await pair()
  await feed(t, 'minato', 'm-1', { deceasedDateTime: '2026-05-28' })
  expect(await told(t)).toEqual([['shiokaze', 'p-1', false, '2026-05-28']])
})

test('D17: a protected id that is merged into another goes on protecting, though the message does not say so', async () => {
  await using t = await pair()
  const somebodyElse = { birthDate: '1975-07-08' }
  await feed(t, 'minato', 'm-0', { ...PROTECTION, ...somebodyElse })
  expect(await told(t)).toEqual([])
  const link = [{ type: 'replaced-by', other: { identifier: { system: SYSTEM_OF.minato, value: 'm-1' } } }]
  await feed(t, 'minato', 'm-0', { ...somebodyElse, active: false, link })
  expect((await told(t)).toSorted()).toEqual([
    ['minato', 'm-1', true, null],
    ['shiokaze', 'p-1', true, null],
  ])
})
