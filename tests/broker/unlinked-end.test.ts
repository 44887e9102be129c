import { and, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { CONSENT_EXTENSIONS, readConsent, recordConsent } from '../../src/consent/index.ts'
import { feedRegistration, linkEverybody, readPatient } from '../../src/identity/index.ts'
import { lockEverybody, lockPatientIds } from '../../src/identity/store.ts'
import { link } from '../../src/identity/tables.ts'
import type { Transaction } from '../../src/kernel/database.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { hubProcess } from '../support/second-hub.ts'
import { NOON } from '../support/test-context.ts'
import {
  consentIn,
  patientIn,
  patientPath,
  queryCall,
  register,
  SYSTEM_OF,
  testHub,
} from '../support/test-hub.ts'
import { untilAnyoneWaits } from '../support/until-waiting.ts'
import { allergy, records } from './ask-three.ts'

const CALLER = { region: 'minato', patientSystem: SYSTEM_OF.minato, isTrying: false }
const INACTIVE = patientIn('minato', 'm-1', { active: false })
const ACTIVE = patientIn('minato', 'm-1', { active: true })
const WITHDRAWN = { status: 'inactive', dateTime: '2026-06-01' }
const TODAY = { dateTime: '2026-06-01', provision: { type: 'permit' } }
const endedBy = (valueCode: string) => ({
  ...WITHDRAWN,
  extension: [{ url: CONSENT_EXTENSIONS.end, valueCode }],
})
const consentOf = (localId: string, version: number, changes: object) =>
  JSON.stringify({ ...consentIn('minato', localId, changes), meta: { versionId: String(version) } })
const mergeInto = (survivor: string) => ({
  resourceType: 'Patient',
  identifier: [{ system: SYSTEM_OF.minato, value: 'm-1' }],
  active: false,
  link: [{ type: 'replaced-by', other: { identifier: { system: SYSTEM_OF.minato, value: survivor } } }],
})

/** A resident of shiokaze and minato who consented; minato’s registration can be fed as one likes. */
async function resident() {
  let now = NOON
  const t = await testHub({ now: () => now })
  await register(t, 'shiokaze', 'p-1')
  await register(t, 'minato', 'm-1')
  t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
  return {
    t,
    put: (patient: object, localId = 'm-1', to?: string) =>
      t.send('minato', {
        ...{ method: 'PUT', path: patientPath('minato', localId), body: JSON.stringify(patient) },
        ...(to === undefined ? {} : { to }),
      }),
    remove: () => t.send('minato', { method: 'DELETE', path: patientPath('minato', 'm-1') }),
    say: (version: number, changes: object, localId = 'm-1', to?: string) =>
      t.send('minato', {
        ...{ method: 'POST', path: '/fhir/Consent', body: consentOf(localId, version, changes) },
        ...(to === undefined ? {} : { to }),
      }),
    async ask(): Promise<'given' | string> {
      now = new Date(now.getTime() + 1_000)
      const response = await t.send('shiokaze', queryCall('shiokaze'))
      if (response.status === 200) return 'given'
      const attempts = (await records(t, 'query.attempt')) as { verdicts: { reason: string }[] }[]
      return attempts.at(-1)?.verdicts[0]?.reason ?? ''
    },
    [Symbol.asyncDispose]: () => t[Symbol.asyncDispose](),
  }
}

describe('whose registration is not active', () => {
  test.each<[string, object, string]>([
    ['a withdrawal', WITHDRAWN, 'withdrawn'],
    ['a stop by telephone', endedBy('stopped'), 'stopped'],
    ['leaving the region', endedBy('left'), 'left-region'],
    ['a death', { extension: [{ url: CONSENT_EXTENSIONS.deceased, valueDate: '2025-05-31' }] }, 'deceased'],
  ])('%s is kept, and counts once they are fed again', async (_, end, reason) => {
    await using t = await resident()
    await t.put(INACTIVE)
    expect(await t.ask()).toBe('not-linked')
    expect((await t.say(2, end)).status).toBe(201)
    expect((await t.say(2, end)).status, 'sent again').toBe(200)
    await t.put(ACTIVE)
    expect(await t.ask()).toBe(reason)
  })

  test('404 for a consent, and for an end of whoever nobody knows, or was removed', async () => {
    await using t = await resident()
    await t.put(INACTIVE)
    await expectRefusal(await t.say(2, TODAY), 404, 'patient-unknown')
    await expectRefusal(await t.say(1, WITHDRAWN, 'm-nobody'), 404, 'patient-unknown')
    await t.remove()
    await expectRefusal(await t.say(2, WITHDRAWN), 404, 'patient-unknown')
  })
})

test('merged into an id that is not fed yet: an end under either counts from when it is, and only paper lifts it', async () => {
  for (const [localId, version] of [
    ['m-1', 2],
    ['m-9', 1],
  ] as const) {
    await using t = await resident()
    await t.put(mergeInto('m-9'))
    expect((await t.say(version, WITHDRAWN, localId)).status).toBe(201)
    await t.put(patientIn('minato', 'm-9'), 'm-9')
    expect(await t.ask(), localId).toBe('withdrawn')
    const { sourceReference: _paper, ...copied } = consentIn('minato', 'm-9', TODAY) as Record<
      string,
      unknown
    >
    const copy = { ...copied, sourceReference: undefined, sourceAttachment: { title: '同意書の写し' } }
    await t.say(2, copy, 'm-9')
    expect(await t.ask(), localId).toBe('withdrawn')
    expect((await t.say(3, TODAY, 'm-9')).status).toBe(201)
    expect(await t.ask(), localId).toBe('given')
  }
})

describe('while a feed makes the registration active again', () => {
  const read = (patient: object) => readPatient(JSON.stringify(patient), NOON, SYSTEM_OF.minato)

  test('the withdrawal waits for the feed, and then raises the epoch of whom it linked', async () => {
    await using t = await resident()
    await t.put(INACTIVE)
    const { saying } = await t.t.db.transaction(async (tx) => {
      await feedRegistration(tx, CALLER, 'm-1', read(ACTIVE), NOON)
      const saying = t.say(2, WITHDRAWN)
      await untilAnyoneWaits(t.t.db)
      return { saying }
    })
    expect((await saying).status).toBe(201)
    expect(await t.ask()).toBe('withdrawn')
  })

  test('the feed waits for the withdrawal', async () => {
    await using t = await resident()
    await t.put(INACTIVE)
    const { feeding } = await t.t.db.transaction(async (tx) => {
      const consent = readConsent(consentOf('m-1', 2, WITHDRAWN), SYSTEM_OF.minato)
      await recordConsent(tx, CALLER, consent, NOON)
      const feeding = t.put(ACTIVE)
      await untilAnyoneWaits(t.t.db)
      return { feeding }
    })
    expect((await feeding).status).toBe(200)
    expect(await t.ask()).toBe('withdrawn')
  })

  test('two processes at once: whichever is first, nothing is given once the withdrawal is acknowledged', async () => {
    await using t = await resident()
    await using other = await hubProcess(t.t)
    for (let round = 0; round < 12; round += 1) {
      const version = 2 * round + 2
      await t.put(INACTIVE)
      const feed = () => t.put(ACTIVE)
      const end = () => t.say(version, WITHDRAWN, 'm-1', other.url)
      const [fed, ended] = round % 2 === 0 ? [feed(), end()] : [end(), feed()].toReversed()
      expect([(await ended)?.status, (await fed)?.status]).toEqual([201, 200])
      expect(await t.ask(), `round ${round}`).toBe('withdrawn')
      expect((await t.say(version + 1, TODAY)).status).toBe(201)
      expect(await t.ask(), `round ${round}`).toBe('given')
    }
    expect(t.t.gateways.minato.calls).toHaveLength(12)
  }, 60_000)
})

describe('beside what links everybody or loads a file', () => {
  test.each<[string, (tx: Transaction) => Promise<void>]>([
    ['everybody is linked', lockEverybody],
    ['a file of the region is loaded', (tx) => lockPatientIds(tx, 'minato')],
  ])('%s: the withdrawal of whoever is nobody yet does not wait', async (_, lock) => {
    await using t = await resident()
    await t.put(INACTIVE)
    const status = await t.t.db.transaction(async (tx) => {
      await lock(tx)
      return (await t.say(2, WITHDRAWN)).status
    })
    expect(status).toBe(201)
    await t.put(ACTIVE)
    expect(await t.ask()).toBe('withdrawn')
  })

  test('and nothing is given to who found them meanwhile, once it is acknowledged', async () => {
    await using t = await resident()
    // As a load leaves them: registered, and nobody yet.
    await t.t.db.delete(link).where(and(eq(link.region, 'minato'), eq(link.localId, 'm-1')))
    expect(await t.ask()).toBe('not-linked')
    const { asking } = await t.t.db.transaction(async (tx) => {
      await recordConsent(tx, CALLER, readConsent(consentOf('m-1', 2, WITHDRAWN), SYSTEM_OF.minato), NOON)
      await linkEverybody(t.t.hub, { threads: 1 })
      const asking = t.t.send('shiokaze', queryCall('shiokaze'))
      await untilAnyoneWaits(t.t.db)
      return { asking }
    })
    expect((await asking).status).toBe(403)
    expect(t.t.gateways.minato.calls, 'it was asked, and its answer withheld').toHaveLength(1)
  })
})
