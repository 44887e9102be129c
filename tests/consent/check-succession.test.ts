import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  askAgainReason,
  type ConsentRecord,
  evaluateConsent,
  successionFault,
} from '../../src/consent/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'

const day = (n: number) => new Date(Date.UTC(2026, 4, n, 3))
const status = fc.constantFrom('active', 'withdrawn', 'stopped', 'left')
const evidence = fc.constantFrom('paper', 'document', 'signature', 'telephone')
const said = fc.record({ status, kind: evidence, signed: fc.integer({ min: 1, max: 28 }) })

test('whatever is sent: sharing that ended starts again on paper or signature of that day or later only', () => {
  fc.assert(
    fc.property(fc.array(said, { minLength: 2, maxLength: 12 }), (steps) => {
      let newest = { status: 'active' as ConsentRecord['status'], signedAt: day(1), receivedAt: day(1) }
      for (const [index, { status, kind, signed }] of steps.entries()) {
        const next = { status, signedAt: day(signed), evidence: { kind, reference: '1' } }
        const fault = successionFault(newest, next)
        const restarts = newest.status !== 'active' && status === 'active'
        if (restarts && fault === undefined) {
          expect(['paper', 'signature']).toContain(kind)
          expect(signed).toBeGreaterThanOrEqual(
            Math.min(newest.signedAt.getUTCDate(), newest.receivedAt.getUTCDate()),
          )
        }
        if (newest.status === 'active') expect(fault).toBeUndefined()
        if (newest.status === status && status !== 'active') expect(fault).toBe('consent-ended')
        if (fault === undefined) newest = { status, signedAt: day(signed), receivedAt: day(index + 2) }
      }
    }),
    { numRuns: 2_000 },
  )
})

const at = (text: string) => new Date(`${text}+09:00`)

test.each<[string, string, string, boolean]>([
  ['a signature of the morning', 'signature', '2026-06-01T09:00:00', false],
  ['a signature of the evening', 'signature', '2026-06-01T18:00:00', true],
  ['paper of the day, which says no hour', 'paper', '2026-06-01T00:00:00', true],
  ['paper of the day before', 'paper', '2026-05-31T00:00:00', false],
  ['a signature of the day after', 'signature', '2026-06-02T00:30:00', true],
])('a call of 15:00 is lifted by what was signed since: %s', (_what, kind, signed, lifts) => {
  const evidence = { kind: kind as 'paper' | 'signature', reference: '1' }
  const next = { status: 'active' as const, signedAt: at(signed), evidence }
  for (const signedAt of [at('2026-06-01T00:00:00'), at('2026-06-01T15:00:00')]) {
    const stop = { status: 'stopped' as const, signedAt, receivedAt: at('2026-06-01T15:00:00') }
    expect(successionFault(stop, next)).toBe(lifts ? undefined : 'consent-stop-holds')
  }
})

test('a withdrawal on paper that arrives days later is as old as its day says', () => {
  const withdrawn = {
    status: 'withdrawn' as const,
    signedAt: at('2026-06-01T00:00:00'),
    receivedAt: at('2026-06-05T10:00:00'),
  }
  const evidence = { kind: 'signature' as const, reference: '1' }
  const next = { status: 'active' as const, signedAt: at('2026-06-01T14:00:00'), evidence }
  expect(successionFault(withdrawn, next)).toBeUndefined()
})

describe('a proxy', () => {
  const consent: ConsentRecord = {
    ...{
      version: 1,
      status: 'active',
      form: 'form-2025',
      signedAt: day(1),
      validFrom: day(1),
      validUntil: undefined,
    },
    ...{ refused: [], refusedInstitutions: [], refusedRegions: [], deceasedOn: undefined },
    proxy: { relation: 'parent', residentBorn: '2012-02-29' },
  }
  const policy = policyFrom({
    forms: { 'form-2025': readAs('medical-and-care') },
    proxy: { lapsesAtAge: 18, graceDays: 10 },
  })
  const asked = (consent: ConsentRecord, when: Date) =>
    askAgainReason({ consent, formerConsent: undefined }, policy, when)
  const said = (when: string) =>
    evaluateConsent(consent, {
      at: at(when),
      covers: 'medical-and-care',
      asking: { region: 'sagamino', institution: '1419900011' },
      rules: policy,
    })
  test('born on 29 February is of age on 1 March; asked from that midnight, refused after the days of grace', () => {
    expect(asked(consent, at('2030-02-28T23:59:59'))).toBeUndefined()
    expect(asked(consent, at('2030-03-01T00:00:00'))).toBe('proxy-lapsed')
    expect(said('2030-03-10T23:59:59')).toBe('permitted')
    expect(said('2030-03-11T00:00:00')).toBe('proxy-lapsed')
  })
  test('whoever has died or ended sharing is asked no more', () => {
    const late = at('2031-01-01T00:00:00')
    expect(asked({ ...consent, deceasedOn: '2030-12-01' }, late)).toBeUndefined()
    expect(asked({ ...consent, status: 'stopped' }, late)).toBeUndefined()
  })
})
