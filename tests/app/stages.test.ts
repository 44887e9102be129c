import { expect, test } from 'vitest'
import { registration } from '../../src/identity/tables.ts'
import { setStage } from '../../src/registry/index.ts'
import type { Stage } from '../../src/vocabulary/index.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { NOON } from '../support/test-context.ts'
import { patientIn, patientPath, testHub } from '../support/test-hub.ts'

const LABEL = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'HTEST' }

async function setup(stage: Stage) {
  const t = await testHub()
  await t.db.transaction((tx) => setStage(tx, 'minato', stage, NOON))
  const feed = (localId: string, changes: object = {}) => {
    const path = patientPath('minato', localId)
    const body = JSON.stringify(patientIn('minato', localId, changes))
    return t.send('minato', { method: 'PUT', path, body })
  }
  return { ...t, feed }
}

test('403 for a resident whom a region feeds while it is only being connected; marked as synthetic 201', async () => {
  await using t = await setup('connected')
  await expectRefusal(await t.feed('m-1'), 403, 'stage-too-early')
  const other = { meta: { security: [{ ...LABEL, code: 'TREAT' }] } }
  await expectRefusal(await t.feed('m-1', other), 403, 'stage-too-early')
  expect(await t.db.$count(registration)).toBe(0)
  expect((await t.feed('m-2', { meta: { security: [LABEL] } })).status).toBe(201)
})

test('201 for any resident from the stage of feeding on', async () => {
  await using t = await setup('feeding')
  expect((await t.feed('m-1')).status).toBe(201)
})

test('403 before a region is connected, marked or not', async () => {
  await using t = await setup('registered')
  await expectRefusal(await t.feed('m-1', { meta: { security: [LABEL] } }), 403, 'stage-too-early')
})
