import { describe, expect, test } from 'vitest'
import { type Candidate, chooseRegistration } from '../../src/broker/choose-registration.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'
import { consentIn, queryCall, register, type TestHub, testHub } from '../support/test-hub.ts'
import { allergy, readAnswer, records } from './ask-three.ts'

/** A resident whom minato has registered twice, as `m-1` and `m-2`. One query opens one patient in a region. */
async function registeredTwice(first: object | false, second: object | false): Promise<TestHub> {
  const t = await testHub()
  await register(t, 'minato', 'm-1', { consent: first })
  await register(t, 'minato', 'm-2', { consent: second })
  await register(t, 'shiokaze', 'p-1')
  t.gateways.minato.answers(() => ({ resources: [allergy('a1')] }))
  return t
}

const ask = (t: TestHub) => t.send('shiokaze', queryCall('shiokaze'))
const patientAsked = (t: TestHub) =>
  /\|(m-\d)/.exec(decodeURIComponent(t.gateways.minato.calls.at(-1)?.body ?? ''))?.[1]
const WITHDRAWN = { status: 'inactive' }
const without = (item: string) => ({
  provision: {
    type: 'permit',
    provision: [
      {
        type: 'deny',
        code: [{ coding: [{ system: 'https://tsunagi.example/CodeSystem/item', code: item }] }],
      },
    ],
  },
})

describe('a person with two numbers in one region', () => {
  test.each<[string, object | false, object | false, string]>([
    ['the first, where both consent', {}, {}, 'm-1'],
    ['the one who consents', false, {}, 'm-2'],
  ])('one call, about %s; and it is never all that the region holds', async (_, first, second, asked) => {
    await using t = await registeredTwice(first, second)
    const { states, text } = await readAnswer(await ask(t))
    expect(t.gateways.minato.calls).toHaveLength(1)
    expect(patientAsked(t)).toBe(asked)
    expect(text).toContain(allergy('a1'))
    expect(states).toEqual({ minato: 'partial' })
    t.gateways.minato.answers(() => ({}))
    expect((await readAnswer(await ask(t))).states).toEqual({ minato: 'partial' })
  })

  test.each<[string, object | false, object | false]>([
    ['the one', WITHDRAWN, {}],
    ['the other', {}, WITHDRAWN],
    ['the only one that ever consented', false, WITHDRAWN],
  ])('403 and no call when the resident withdrew under %s number', async (_, first, second) => {
    await using t = await registeredTwice(first, second)
    expect((await ask(t)).status).toBe(403)
    expect(t.gateways.minato.calls).toHaveLength(0)
    expect((await records(t, 'query.attempt')).at(-1)?.verdicts).toMatchObject([
      { verdict: 'deny', reason: 'withdrawn' },
      {},
    ])
  })

  test('what is refused under one number is asked under neither', async () => {
    await using t = await registeredTwice(without('infection'), without('referral'))
    t.gateways.minato.answers(() => ({}))
    await readAnswer(await ask(t))
    const [attempt] = await records(t, 'query.attempt')
    const items = ITEM_CODES.filter((item) => item !== 'infection' && item !== 'referral')
    expect(attempt?.verdicts).toMatchObject([{ region: 'minato', items }, {}])
  })

  test('nothing is released when the resident withdraws under the other number meanwhile', async () => {
    await using t = await registeredTwice({}, false)
    t.gateways.minato.answers(async () => {
      const body = JSON.stringify(consentIn('minato', 'm-2', WITHDRAWN))
      expect((await t.send('minato', { method: 'POST', path: '/fhir/Consent', body })).status).toBe(201)
      return { resources: [allergy('a1')] }
    })
    const response = await ask(t)
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('ロキソプロフェン')
  })
})

describe('the choice', () => {
  const consent = (day: number, changes: object = {}): Candidate['consent'] => ({
    version: 1,
    status: 'active',
    form: 'form-2025',
    signedAt: new Date(Date.UTC(2026, 4, day)),
    validFrom: new Date(Date.UTC(2026, 4, day)),
    refusedInstitutions: [],
    refusedRegions: [],
    proxy: undefined,
    deceasedOn: undefined,
    validUntil: undefined,
    refused: [],
    receivedAt: new Date(Date.UTC(2026, 4, day)),
    evidenceKind: 'paper',
    ...changes,
  })
  const choose = (...consents: Candidate['consent'][]) =>
    chooseRegistration(consents.map((each, n) => ({ localId: String(n), consent: each, formerConsents: [] })))
      ?.localId

  test('nobody, where nobody is registered', () => expect(choose()).toBeUndefined())
  test('the first, where none consented', () => expect(choose(undefined, undefined)).toBe('0'))
  test('the latest word', () => expect(choose(consent(1), consent(9), consent(5))).toBe('1'))
  test('the first of two words of one time', () => expect(choose(consent(1), consent(1))).toBe('0'))
  test('a withdrawal, however old', () =>
    expect(choose(consent(9), consent(1, { status: 'withdrawn' }))).toBe('1'))
})
