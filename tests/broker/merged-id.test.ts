import { describe, expect, test } from 'vitest'
import { CONSENT_EXTENSIONS } from '../../src/consent/index.ts'
import { feedRegistration, readPatient } from '../../src/identity/index.ts'
import { lockBirthDates } from '../../src/identity/store.ts'
import { ITEM_CODES, SYSTEMS } from '../../src/vocabulary/index.ts'
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
import { allergy, readAnswer, records } from './ask-three.ts'

/** A resident of shiokaze whom minato has as m-2, and had as m-1 until an office merged it into m-2. */
async function resident(first: { changes?: object; consent?: object | false } = {}) {
  const clock = { now: NOON }
  const t = await testHub({ now: () => clock.now })
  await register(t, 'shiokaze', 'p-1')
  await register(t, 'minato', 'm-1', first)
  await register(t, 'minato', 'm-2')
  t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
  const later = () => {
    clock.now = new Date(clock.now.getTime() + 60_000)
  }
  const put = async (localId: string, patient: object) => {
    later()
    const path = patientPath('minato', localId)
    const fed = await t.send('minato', { method: 'PUT', path, body: JSON.stringify(patient) })
    expect(fed.status, await fed.text()).toBeLessThan(300)
  }
  return {
    t,
    clock,
    put,
    /** As a system says it that says nothing else. */
    merge: (from = 'm-1', into = 'm-2') => put(from, mergeOf(from, into)),
    async remove(localId: string) {
      later()
      const path = patientPath('minato', localId)
      expect((await t.send('minato', { method: 'DELETE', path })).status).toBe(204)
    },
    async say(localId: string, version: number, changes: object, status = 201) {
      later()
      const body = JSON.stringify({
        ...consentIn('minato', localId, changes),
        meta: { versionId: String(version) },
      })
      const said = await t.send('minato', { method: 'POST', path: '/fhir/Consent', body })
      expect(said.status, await said.text()).toBe(status)
    },
    async ask(): Promise<'given' | string> {
      later()
      const response = await t.send('shiokaze', queryCall('shiokaze'))
      if (response.status === 200) return 'given'
      const attempts = (await records(t, 'query.attempt')) as { verdicts: { reason: string }[] }[]
      return attempts.at(-1)?.verdicts[0]?.reason ?? ''
    },
    [Symbol.asyncDispose]: () => t[Symbol.asyncDispose](),
  }
}

function mergeOf(from: string, into: string): object {
  const identifier = { system: SYSTEM_OF.minato, value: into }
  return {
    resourceType: 'Patient',
    identifier: [{ system: SYSTEM_OF.minato, value: from }],
    active: false,
    link: [{ type: 'replaced-by', other: { identifier } }],
  }
}

const WITHDRAWN = { status: 'inactive', dateTime: '2026-06-01' }
const ended = (valueCode: string) => ({
  ...WITHDRAWN,
  extension: [{ url: CONSENT_EXTENSIONS.end, valueCode }],
})
const denying = (what: object) => ({ provision: { type: 'permit', provision: [{ type: 'deny', ...what }] } })
const item = (code: string) => ({ code: [{ coding: [{ system: SYSTEMS.item, code }] }] })
const TODAY = { dateTime: '2026-06-01', provision: { type: 'permit' } }

describe('what was said under an id that was merged away counts for the one that replaced it', () => {
  test.each<[string, object, string]>([
    ['a withdrawal', WITHDRAWN, 'withdrawn'],
    ['a stop by telephone', ended('stopped'), 'stopped'],
    ['leaving the region', ended('left'), 'left-region'],
  ])('%s', async (_, end, reason) => {
    await using t = await resident()
    await t.say('m-1', 2, end)
    await t.merge()
    expect(await t.ask()).toBe(reason)
    expect(t.t.gateways.minato.calls).toHaveLength(0)
  })

  test('a refused item, which the gateway is not asked for', async () => {
    await using t = await resident({ consent: denying(item('infection')) })
    await t.merge()
    expect(await t.ask()).toBe('given')
    const [attempt] = await records(t.t, 'query.attempt')
    const items = ITEM_CODES.filter((each) => each !== 'infection')
    expect(attempt?.verdicts).toMatchObject([{ region: 'minato', items }, {}])
  })

  test('protection, and a death, though the message that merges says neither', async () => {
    const security = [{ system: SYSTEMS.protection, code: 'dv' }]
    await using t = await resident({ changes: { meta: { security } } })
    await t.merge()
    expect(await t.ask()).toBe('protected')
    await using u = await resident({ changes: { deceasedDateTime: '2025-01-31' } })
    await u.merge()
    expect(await u.ask()).toBe('deceased')
  })

  test('what is said under it after the merge, at once', async () => {
    await using t = await resident()
    await t.merge()
    expect(await t.ask()).toBe('given')
    await t.say('m-1', 2, WITHDRAWN)
    expect(await t.ask()).toBe('withdrawn')
  })

  test('through several merges, and in whatever order they are told', async () => {
    await using t = await resident()
    await t.say('m-1', 2, WITHDRAWN)
    await t.merge('m-0', 'm-2')
    await t.merge('m-1', 'm-0')
    expect(await t.ask()).toBe('withdrawn')
  })

  test('no consent of its own', async () => {
    await using t = await resident()
    await t.put('m-3', patientIn('minato', 'm-3'))
    await t.merge('m-1', 'm-3')
    await t.merge('m-2', 'm-3')
    expect(await t.ask()).toBe('no-consent')
  })
})

describe('the resident’s later word', () => {
  test('paper entered under the id that stands, once they are one, starts sharing again', async () => {
    await using t = await resident()
    await t.say('m-1', 2, WITHDRAWN)
    await t.say('m-2', 2, TODAY)
    await t.merge()
    expect(await t.ask(), 'entered before anybody knew').toBe('withdrawn')
    await t.say('m-2', 3, TODAY)
    expect(await t.ask()).toBe('given')
    await t.merge()
    expect(await t.ask(), 'the merge told again').toBe('given')
  })

  test('a paper older than the withdrawal does not, nor a copy of a newer one', async () => {
    await using t = await resident()
    await t.say('m-1', 2, WITHDRAWN)
    await t.merge()
    await t.say('m-2', 2, { dateTime: '2026-05-31' })
    expect(await t.ask()).toBe('withdrawn')
    await t.say('m-2', 3, {
      ...TODAY,
      ...{ sourceReference: undefined, sourceAttachment: { title: '同意書の写し' } },
    })
    expect(await t.ask()).toBe('withdrawn')
  })

  test('taking the merge back, by removing the id, takes its word away too', async () => {
    await using t = await resident()
    await t.say('m-1', 2, WITHDRAWN)
    await t.merge()
    const path = patientPath('minato', 'm-1')
    expect((await t.t.send('minato', { method: 'DELETE', path })).status).toBe(204)
    expect(await t.ask()).toBe('given')
  })
})

test('nothing is released when a withdrawn id is merged into the one that is being asked about', async () => {
  await using t = await resident()
  await t.say('m-1', 2, WITHDRAWN)
  // Somebody else until the office says that they are one.
  await t.put('m-1', patientIn('minato', 'm-1', { birthDate: '1990-12-31' }))
  t.t.gateways.minato.answers(async () => {
    await t.merge()
    return { resources: [allergy('a1')] }
  })
  const response = await t.t.send('shiokaze', queryCall('shiokaze'))
  expect(t.t.gateways.minato.calls).toHaveLength(1)
  expect(response.status).toBe(403)
  expect(await response.text()).not.toContain('ロキソプロフェン')
})

test('a merged id that has nothing to say changes nothing', async () => {
  await using t = await resident({ consent: false })
  await t.merge()
  const { states } = await readAnswer(await t.t.send('shiokaze', queryCall('shiokaze')))
  expect(states).toEqual({ minato: 'complete' })
})

describe('an id that replaced others, removed and given to somebody else, has nothing of theirs', () => {
  /** Its new resident is known in shiokaze too. */
  const NEXT = {
    birthDate: '1988-08-08',
    gender: 'male',
    name: [{ family: '次野', given: ['次郎'] }],
  }
  const nextIn = (region: 'minato' | 'shiokaze', localId: string) => ({
    ...NEXT,
    identifier: [
      { system: SYSTEM_OF[region], value: localId },
      { system: SYSTEMS.insuredNumber, value: '33120015:あ:654321:02' },
    ],
  })
  async function givenAgain(first: Parameters<typeof resident>[0] = {}) {
    const t = await resident(first)
    await t.merge()
    await t.remove('m-2')
    await t.put('m-2', patientIn('minato', 'm-2', nextIn('minato', 'm-2')))
    await t.say('m-2', 2, TODAY)
    await register(t.t, 'shiokaze', 'p-2', { changes: nextIn('shiokaze', 'p-2'), consent: false })
    return t
  }
  const askNext = async (t: Awaited<ReturnType<typeof resident>>) => {
    const { birthDate, gender: sex } = NEXT
    return (await t.t.send('shiokaze', queryCall('shiokaze', { localId: 'p-2', birthDate, sex }))).status
  }

  test('not who viewed their records', async () => {
    await using t = await resident()
    expect(await t.ask()).toBe('given')
    await t.merge()
    const views = async () => {
      const requester = { relation: 'self', identityChecked: '運転免許証 第1234号' }
      const body = JSON.stringify({ patient: 'm-2', requester, by: '事務局 山田' })
      const response = await t.t.send('minato', { method: 'POST', path: '/oversight/disclosures', body })
      expect(response.status).toBe(200)
      await response.text()
      return (await records(t.t, 'disclosure.reported')).at(-1)?.count
    }
    expect(await views()).toBe(1)
    await t.remove('m-2')
    await t.put('m-2', patientIn('minato', 'm-2', nextIn('minato', 'm-2')))
    expect(await views()).toBe(0)
  })

  test('not a death or protection told of them', async () => {
    const security = [{ system: SYSTEMS.protection, code: 'dv' }]
    await using t = await givenAgain({ changes: { deceasedDateTime: '2025-01-31', meta: { security } } })
    expect(await askNext(t)).toBe(200)
  })

  test('not a withdrawal, before or after', async () => {
    await using t = await resident()
    await t.say('m-1', 2, WITHDRAWN)
    await t.merge()
    await t.remove('m-2')
    await t.put('m-2', patientIn('minato', 'm-2', nextIn('minato', 'm-2')))
    await t.say('m-2', 2, TODAY)
    await register(t.t, 'shiokaze', 'p-2', { changes: nextIn('shiokaze', 'p-2'), consent: false })
    expect(await askNext(t)).toBe(200)
    await t.put('m-1', patientIn('minato', 'm-1'))
    expect(await t.ask(), 'the merged id, fed anew, is the first resident again').toBe('withdrawn')
  })

  test('and what counted of the id goes with it, into whichever it is merged next', async () => {
    await using t = await resident({ changes: { deceasedDateTime: '2025-01-31' } })
    await t.merge()
    await t.remove('m-2')
    await t.put('m-3', patientIn('minato', 'm-3'))
    await t.say('m-3', 1, TODAY)
    await t.merge('m-1', 'm-3')
    expect(await t.ask()).toBe('deceased')
  })
})

describe('which word is later, the order says and no clock', () => {
  test('a withdrawal told by a process whose clock is behind holds', async () => {
    await using t = await resident()
    await t.merge()
    await t.say('m-2', 2, TODAY)
    t.clock.now = new Date(t.clock.now.getTime() - 150_000)
    await t.say('m-1', 2, WITHDRAWN)
    t.clock.now = new Date(t.clock.now.getTime() + 600_000)
    expect(await t.ask()).toBe('withdrawn')
  })

  test('a paper entered while the merge waits was entered before it', async () => {
    await using t = await resident()
    await t.say('m-1', 2, WITHDRAWN)
    const merging = await t.t.db.transaction(async (tx) => {
      await lockBirthDates(tx, ['1961-02-03'])
      const merged = t.merge()
      await untilAnyoneWaits(t.t.db)
      await t.say('m-2', 2, TODAY)
      return { merged }
    })
    await merging.merged
    expect(await t.ask()).toBe('withdrawn')
    await t.say('m-2', 3, TODAY)
    expect(await t.ask()).toBe('given')
  })

  test('what is said under an id that is fed while a merge into it is under way comes after the merge', async () => {
    await using t = await resident()
    await t.say('m-1', 2, WITHDRAWN)
    await t.remove('m-2')
    const { fed } = await t.t.db.transaction(async (tx) => {
      const caller = { region: 'minato', patientSystem: SYSTEM_OF.minato, isTrying: false }
      const read = readPatient(JSON.stringify(mergeOf('m-1', 'm-2')), t.clock.now, caller.patientSystem)
      await feedRegistration(tx, caller, 'm-1', read, t.clock.now)
      // Born on another day, by what is fed first, so that no other lock puts the two in order.
      const fed = t.put('m-2', patientIn('minato', 'm-2', { birthDate: '1961-02-08' }))
      await untilAnyoneWaits(t.t.db)
      await t.say('m-2', 2, TODAY, 404)
      return { fed }
    })
    await fed
    await t.put('m-2', patientIn('minato', 'm-2'))
    expect(await t.ask()).toBe('withdrawn')
    await t.say('m-2', 2, TODAY)
    expect(await t.ask()).toBe('given')
  })
})
