import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DENY_REASONS, decideAccess, OBLIGATIONS, WITHHOLD_REASONS } from '../../src/consent/index.ts'
import { fixtures } from '../support/fixtures.ts'
import { factsWith } from './access-facts.ts'

const decided = z.strictObject({
  case: z.strictObject({ ja: z.string(), en: z.string() }),
  given: z.record(z.string(), z.unknown()),
  expected: z.strictObject({ verdict: z.enum(['permit', 'deny']) }).loose(),
})

const cases = fixtures('consent/decisions', decided)

describe('decided cases', () => {
  test.each(cases.map((each) => ({ ...each, en: each.case.en })))('$en', ({ given, expected }) => {
    expect(decideAccess(factsWith(given))).toEqual(expected)
  })
})

test('every reason to deny, to withhold and every obligation has a decided case', () => {
  const verdicts = cases.map(({ given }) => decideAccess(factsWith(given)))
  const denied = verdicts.flatMap((verdict) => (verdict.verdict === 'deny' ? [verdict.reason] : []))
  const withheld = verdicts.flatMap((verdict) => verdict.withheld.map(({ reason }) => reason))
  const owed = verdicts.flatMap((verdict) => (verdict.verdict === 'permit' ? verdict.obligations : []))
  expect(new Set(denied)).toEqual(new Set(Object.keys(DENY_REASONS)))
  expect(new Set(withheld)).toEqual(new Set(Object.keys(WITHHOLD_REASONS)))
  expect(new Set(owed)).toEqual(new Set(Object.keys(OBLIGATIONS)))
})

test('a region asking itself is a fault of the caller, not a decision', () => {
  expect(() => decideAccess(factsWith({ holding: { region: 'sagamino' } }))).toThrow('Invariant broken')
})

test('a form named like a property of every object is a form that no council has read', () => {
  const verdict = decideAccess(factsWith({ holding: { consent: { form: 'constructor' } } }))
  expect(verdict).toMatchObject({ verdict: 'deny', reason: 'form-unread' })
})
