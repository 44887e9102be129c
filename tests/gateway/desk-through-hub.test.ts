import { expect, test } from 'vitest'
import { findConsentCopy, putPolicyCopy } from '../../src/gateway/copy-store.ts'
import { readCoverage } from '../../src/gateway/index.ts'
import { findFormerCopies } from '../../src/gateway/merge-store.ts'
import { records } from '../broker/ask-three.ts'
import { visitOf } from '../consent/feed.ts'
import { countingConsent } from '../support/counting-consent.ts'
import { CLINIC_OF, patientIn, queryCall, SYSTEM_OF } from '../support/sample-calls.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { COUNCIL, FEED } from './local-region.ts'
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

test('a death told, and taken back, lifts nothing that was said under a merged id, at hub and gateway alike', async () => {
  await using t = await regionAtHub()
  const ask = async () => (await t.hub.send('shiokaze', queryCall('shiokaze'))).status
  const enter = async (said: object) => (await t.send('POST', '/desk/forms', said)).json()
  const feed = async (localId: string, patient: object) => {
    const identifier = encodeURIComponent(`${SYSTEM_OF.minato}|${localId}`)
    const fed = await t.send('PUT', `/fhir/Patient?identifier=${identifier}`, patient, FEED)
    expect(fed.status, await fed.text()).toBeLessThan(300)
  }
  await feed('m-0', patientIn('minato', 'm-0'))
  await enter(entry({ receipt: 'W-1', patient: 'm-0', kind: 'withdrawal', form: undefined }))
  await enter(entry({ receipt: 'R-1', signedOn: '2026-06-01' }))
  const link = [{ type: 'replaced-by', other: { identifier: { system: SYSTEM_OF.minato, value: 'm-1' } } }]
  const identifier = [{ system: SYSTEM_OF.minato, value: 'm-0' }]
  await feed('m-0', { resourceType: 'Patient', identifier, active: false, link })
  expect(await ask()).toBe(403)
  const death = { kind: 'deceased', form: undefined, deceasedOn: '2026-06-01', signedOn: '2026-06-01' }
  expect(await enter(entry({ ...death, receipt: 'D-1' }))).toMatchObject({ hub: 'taken' })
  const back = { kind: 'not-deceased', form: undefined, signedOn: '2026-06-01', reason: '患者IDの取り違え' }
  expect(await enter(entry({ ...back, receipt: 'D-2' }))).toMatchObject({ state: 'waiting' })
  const second = { ...COUNCIL, sub: 'office-2' }
  const checked = await t.send('POST', '/desk/checks', { receipt: 'D-2', isRight: true }, second)
  expect(await checked.json()).toMatchObject({ state: 'counted', hub: 'taken' })
  expect(await countingConsent(t.hub.db, 'minato', 'm-1')).toMatchObject({
    version: 3,
    status: 'active',
    deceasedOn: undefined,
  })
  expect(await ask()).toBe(403)
  const attempts = await records(t.hub, 'query.attempt')
  expect(attempts.at(-1)?.verdicts).toMatchObject([{ region: 'minato', reason: 'withdrawn' }, {}])
  const [former] = await findFormerCopies(t.region.ctx.db, 'm-1')
  const own = await findConsentCopy(t.region.ctx.db, 'm-1')
  expect(former?.mergedAt.getTime()).toBeGreaterThanOrEqual(own?.receivedAt.getTime() ?? Number.NaN)
})

let version = 100
/** The council has so many of its papers looked at by a second person from now on. */
const lookTwiceAt = ({ region }: Awaited<ReturnType<typeof regionAtHub>>, secondCheckPercent: number) =>
  region.ctx.db.transaction((tx) =>
    putPolicyCopy(tx, policyFrom({ version: ++version, secondCheckPercent }), NOON),
  )

test('who is registered anew under an id consents anew: the next paper counts, at hub and gateway alike', async () => {
  let now = NOON
  await using t = await regionAtHub({ now: () => now })
  const ask = async () => (await t.hub.send('shiokaze', queryCall('shiokaze'))).status
  const enter = async (said: object) => (await t.send('POST', '/desk/forms', said)).json()
  const path = `/fhir/Patient?identifier=${encodeURIComponent(`${SYSTEM_OF.minato}|m-1`)}`
  await enter(entry({}))
  await enter(entry({ receipt: 'R-2', signedOn: '2026-06-01' }))
  await lookTwiceAt(t, 100)
  expect(await enter(entry({ receipt: 'R-3', signedOn: '2026-06-01' }))).toMatchObject({ state: 'waiting' })
  expect(await ask()).toBe(200)
  expect((await t.send('DELETE', path, {}, FEED)).status).toBe(204)
  now = new Date(NOON.getTime() + 1_000)
  expect((await t.send('PUT', path, patientIn('minato', 'm-1'), FEED)).status).toBeLessThan(300)
  expect(await findConsentCopy(t.region.ctx.db, 'm-1')).toBeUndefined()
  expect(await ask()).toBe(403)
  const second = { ...COUNCIL, sub: 'office-2' }
  const checked = await t.send('POST', '/desk/checks', { receipt: 'R-3', isRight: true }, second)
  expect(checked.status, 'a paper of whoever had the id before').toBe(404)
  await lookTwiceAt(t, 0)
  expect(await enter(entry({ receipt: 'R-4', signedOn: '2026-06-01' }))).toMatchObject({ hub: 'taken' })
  expect(await findConsentCopy(t.region.ctx.db, 'm-1')).toMatchObject({ version: 3, status: 'active' })
  expect(await countingConsent(t.hub.db, 'minato', 'm-1')).toMatchObject({ version: 3, status: 'active' })
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
