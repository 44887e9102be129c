import { expect, test } from 'vitest'
import { consentAt } from '../../src/consent/index.ts'
import { findConsentCopy } from '../../src/gateway/copy-store.ts'
import { readCoverage } from '../../src/gateway/index.ts'
import { visitOf } from '../consent/feed.ts'
import { CLINIC_OF, patientIn, queryCall, SYSTEM_OF } from '../support/sample-calls.ts'
import { register, testHub } from '../support/test-hub.ts'
import { COUNCIL, FEED, testRegion } from './local-region.ts'

/** The region's gateway before the real hub, and a resident known to both and to another region. */
async function regionAtHub() {
  await using stack = new AsyncDisposableStack()
  const hub = stack.use(await testHub())
  const region = stack.use(
    await testRegion({ hub: { url: hub.url, key: hub.keys.minato, pins: [[hub.hub.keys.receipt, 'hub']] } }),
  )
  await register(hub, 'shiokaze', 'p-1')
  await register(hub, 'minato', 'm-1', { consent: false })
  const send = async (method: string, path: string, body: object, login: object = COUNCIL) =>
    fetch(`${region.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await region.login(login)}`,
        'content-type': 'application/fhir+json',
      },
      body: JSON.stringify(body),
    })
  const identifier = encodeURIComponent(`${SYSTEM_OF.minato}|m-1`)
  await send('PUT', `/fhir/Patient?identifier=${identifier}`, patientIn('minato', 'm-1'), FEED)
  const held = stack.move()
  return { hub, region, send, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

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
  expect(await consentAt(t.hub.db, 'minato', 'm-1')).toMatchObject({ version: 2, status: 'stopped' })
  expect(await enter(entry({ receipt: 'R-2', signedOn: '2026-06-01' }))).toMatchObject({ hub: 'taken' })
  expect(await ask()).toBe(200)
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
