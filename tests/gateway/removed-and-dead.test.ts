import { expect, test } from 'vitest'
import { lockForRelease } from '../../src/gateway/copy-lock-store.ts'
import { findConsentCopy, findRegistrationCopy, putPolicyCopy } from '../../src/gateway/copy-store.ts'
import { resendEntries } from '../../src/gateway/index.ts'
import { countingConsent } from '../support/counting-consent.ts'
import { consentIn, patientIn, queryCall, SYSTEM_OF } from '../support/sample-calls.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import { untilAnyoneWaits } from '../support/until-waiting.ts'
import { codeOf } from './inward-region.ts'
import { FEED } from './local-region.ts'
import { regionAtHub } from './region-at-hub.ts'

const PATH = `/fhir/Patient?identifier=${encodeURIComponent(`${SYSTEM_OF.minato}|m-1`)}`
const DAY_MS = 86_400_000

function entry(kind: string, signedOn: string, changes: object = {}) {
  const form = kind === 'consent' ? 'form-2025' : undefined
  return {
    receipt: `${kind}-${signedOn}`,
    patient: 'm-1',
    kind,
    form,
    signedOn,
    enteredOn: '2026-06-01',
    ...changes,
  }
}

/** A region at a hub, whose desk asks for no second look, with a clock that a test moves. */
async function desk() {
  let now = NOON
  const t = await regionAtHub({ now: () => now })
  Object.assign(t.region.ctx, { now: () => now })
  const { db } = t.region.ctx
  await db.transaction((tx) => putPolicyCopy(tx, policyFrom({ version: 99, secondCheckPercent: 0 }), NOON))
  return {
    t,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    enter: (said: object) => t.send('POST', '/desk/forms', said),
    put: (changes: object = {}) => t.send('PUT', PATH, patientIn('minato', 'm-1', changes), FEED),
    remove: () => t.send('DELETE', PATH, {}, FEED),
    ask: async () => (await t.hub.send('shiokaze', queryCall('shiokaze'))).status,
    copy: () => findConsentCopy(db, 'm-1'),
    death: async () => (await findRegistrationCopy(db, 'm-1')).deceasedOn,
  }
}

test('a paper of a removed id counts neither now nor for whoever is given the id next; an end is taken', async () => {
  const w = await desk()
  await using t = w.t
  expect((await w.enter(entry('consent', '2026-05-30'))).status).toBe(200)
  await w.remove()
  const paper = await w.enter(entry('consent', '2026-05-31'))
  expect([paper.status, await codeOf(paper)]).toEqual([404, 'patient-unknown'])
  const fed = await t.send(
    'POST',
    '/fhir/Consent',
    { ...consentIn('minato', 'm-1'), meta: { versionId: '2' } },
    FEED,
  )
  expect([fed.status, await codeOf(fed)]).toEqual([404, 'patient-unknown'])
  expect((await w.enter(entry('stop', '2026-06-01'))).status).toBe(200)
  w.pass(1_000)
  await w.put()
  await resendEntries(t.region.ctx)
  expect((await w.copy())?.status).not.toBe('active')
  expect((await countingConsent(t.hub.db, 'minato', 'm-1'))?.status).not.toBe('active')
  expect(await w.ask()).toBe(403)
})

test('a death is not that of whoever is given the id next', async () => {
  const w = await desk()
  await using _t = w.t
  await w.enter(entry('consent', '2026-05-30'))
  const death = await w.enter(entry('deceased', '2026-06-01', { deceasedOn: '2026-05-31' }))
  expect(death.status).toBe(200)
  expect((await w.enter(entry('left', '2026-06-01'))).status).toBe(200)
  await w.remove()
  w.pass(1_000)
  await w.put()
  expect((await w.enter(entry('consent', '2026-06-01'))).status).toBe(200)
  expect(await w.copy()).toMatchObject({ status: 'active', deceasedOn: undefined })
})

test('a version that ended with its registration is not taken for said anew', async () => {
  const w = await desk()
  await using t = w.t
  const consent = { ...consentIn('minato', 'm-1'), meta: { versionId: '1' } }
  await t.send('POST', '/fhir/Consent', consent, FEED)
  await w.remove()
  w.pass(1_000)
  await w.put()
  const again = await t.send('POST', '/fhir/Consent', consent, FEED)
  expect([again.status, await codeOf(again)]).toEqual([409, 'version-stale'])
})

test('after a later end, no paper from before it starts sharing', async () => {
  const w = await desk()
  await using t = w.t
  await w.enter(entry('consent', '2026-05-10'))
  await w.enter(entry('withdrawal', '2026-05-20'))
  const stop = await w.enter(entry('stop', '2026-06-01'))
  expect([stop.status, await stop.json()]).toEqual([200, expect.objectContaining({ hub: 'taken' })])
  const paper = await w.enter(entry('consent', '2026-05-25'))
  expect(paper.status).not.toBe(200)
  expect((await countingConsent(t.hub.db, 'minato', 'm-1'))?.status).not.toBe('active')
  expect(await w.ask()).toBe(403)
})

test.each([
  ['no date', { deceasedBoolean: true }, '2026-06-01'],
  ['a year', { deceasedDateTime: '2026' }, '2026-01-01'],
  ['a month', { deceasedDateTime: '2026-05' }, '2026-05-01'],
])(
  'a death of which %s was told counts from the earliest day, however often it is told',
  async (_, dead, from) => {
    const w = await desk()
    await using _t = w.t
    await w.enter(entry('consent', '2026-05-30'))
    expect((await w.put(dead)).status).toBe(200)
    expect(await w.death()).toBe(from)
    w.pass(5 * DAY_MS)
    expect((await w.put({ ...dead, language: 'ja' })).status).toBe(200)
    expect(await w.death()).toBe(from)
    expect((await w.put({ deceasedDateTime: '2026-05-28' })).status).toBe(200)
    expect(await w.death()).toBe('2026-05-28')
  },
)

test('a stop at the desk and a release of the same resident wait for each other in one order', async () => {
  const w = await desk()
  await using t = w.t
  let stopping: Promise<Response> | undefined
  await t.region.ctx.db.transaction((tx) =>
    lockForRelease(tx, 'm-1', async () => {
      stopping = w.enter(entry('stop', '2026-06-01'))
      await untilAnyoneWaits(t.region.ctx.db)
      return []
    }),
  )
  expect((await stopping)?.status).toBe(200)
  expect((await w.copy())?.status).toBe('stopped')
})
