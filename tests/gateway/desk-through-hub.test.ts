import { expect, test } from 'vitest'
import { findConsentCopy } from '../../src/gateway/copy-store.ts'
import { readCoverage } from '../../src/gateway/index.ts'
import { visitOf } from '../consent/feed.ts'
import { countingConsent } from '../support/counting-consent.ts'
import { CLINIC_OF, queryCall, SYSTEM_OF } from '../support/sample-calls.ts'
import { FEED } from './local-region.ts'
import { regionAtHub } from './region-at-hub.ts'

const entry = (changes: object) => ({
  ...{ receipt: 'R-1', patient: 'm-1', kind: 'consent', form: 'form-2025' },
  ...{ signedOn: '2026-05-30', enteredOn: '2026-06-01' },
  ...changes,
})
const stop = entry({ receipt: 'T-1', kind: 'stop', form: undefined, signedOn: '2026-06-01' })

test('a paper at the desk opens, a telephone call closes, at hub and gateway alike, for the very next query', async () => {
  await using t = await regionAtHub()
  const ask = async () => (await t.hub.send('shiokaze', queryCall('shiokaze'))).status
  expect(await ask()).toBe(403)
  const enter = async (said: object) => (await t.send('POST', '/desk/forms', said)).json()
  expect(await enter(entry({}))).toMatchObject({ state: 'counted', hub: 'taken' })
  expect(await ask()).toBe(200)
  expect(await enter(stop)).toMatchObject({ state: 'counted', hub: 'taken' })
  expect(await ask()).toBe(403)
  expect(await findConsentCopy(t.region.ctx.db, 'm-1')).toMatchObject({ version: 2, status: 'stopped' })
  expect(await countingConsent(t.hub.db, 'minato', 'm-1')).toMatchObject({ version: 2, status: 'stopped' })
  expect(await enter(entry({ receipt: 'R-2', signedOn: '2026-06-01' }))).toMatchObject({ hub: 'taken' })
  expect(await ask()).toBe(200)
})

test('a death told at the desk closes, and no later paper opens again', async () => {
  await using t = await regionAtHub()
  const ask = async () => (await t.hub.send('shiokaze', queryCall('shiokaze'))).status
  const enter = async (said: object) => (await t.send('POST', '/desk/forms', said)).json()
  await enter(entry({}))
  const death = { receipt: 'D-1', kind: 'deceased', form: undefined, deceasedOn: '2025-06-02' }
  await enter(entry({ ...death, signedOn: '2026-06-01' }))
  expect(await ask()).toBe(403)
  const later = entry({ receipt: 'R-2', signedOn: '2026-06-01' })
  expect(await enter(later)).toMatchObject({ resourceType: 'OperationOutcome' })
  await enter(entry({ ...death, receipt: 'D-2', deceasedOn: '2026-05-30', signedOn: '2026-06-01' }))
  expect(await enter(entry({ receipt: 'R-3' }))).toMatchObject({ state: 'counted', hub: 'taken' })
  expect(await countingConsent(t.hub.db, 'minato', 'm-1')).toMatchObject({
    version: 4,
    deceasedOn: '2026-05-30',
  })
  expect(await ask()).toBe(403)
})

test('whom to ask again is told through the gateway, by institution', async () => {
  await using t = await regionAtHub()
  await t.send('POST', '/desk/forms', entry({ form: 'form-2019' }))
  const visit = visitOf({ system: SYSTEM_OF.minato, value: 'm-1' }, { institution: CLINIC_OF.minato })
  const bulk = { resourceType: 'Bundle', type: 'batch', entry: [{ resource: visit }] }
  expect((await t.send('POST', '/fhir/Encounter/$bulk', bulk, FEED)).status).toBe(200)
  const listed = await Array.fromAsync(readCoverage(t.region.ctx))
  expect(listed).toEqual([
    { institution: CLINIC_OF.minato, patient: 'm-1', reason: 'form-own-region', form: 'form-2019' },
  ])
})
