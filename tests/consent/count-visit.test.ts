import { expect, test } from 'vitest'
import { z } from 'zod'
import { statedVisitCounts, visitCounts } from '../../src/consent/index.ts'
import { DEFAULT_POLICY, policySchema, VISIT_KIND_CODES } from '../../src/vocabulary/index.ts'
import { fixtures } from '../support/fixtures.ts'

const visitCase = z.strictObject({
  case: z.strictObject({ ja: z.string(), en: z.string() }),
  at: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
  visit: z.strictObject({
    kind: z.enum(VISIT_KIND_CODES),
    startedOn: z.iso.date(),
    endedOn: z.union([z.iso.date(), z.null().transform(() => undefined)]),
  }),
  rule: policySchema.shape.visits,
  counts: z.boolean(),
})

const cases = fixtures('consent/visits', visitCase).map((each) => ({ ...each, en: each.case.en }))

test.each(cases)('$en', ({ visit, rule, at, counts }) => {
  expect(visitCounts(visit, rule, at)).toBe(counts)
})

test('the visit a query states counts on its own day in Tokyo only, and only if its kind does', () => {
  const rule = DEFAULT_POLICY.visits
  const lateEvening = new Date('2026-11-25T14:59:59Z')
  const midnight = new Date('2026-11-25T15:00:00Z')
  expect(statedVisitCounts({ kind: 'outpatient', on: '2026-11-25' }, rule, lateEvening)).toBe(true)
  expect(statedVisitCounts({ kind: 'outpatient', on: '2026-11-25' }, rule, midnight)).toBe(false)
  expect(statedVisitCounts({ kind: 'outpatient', on: '2026-11-26' }, rule, lateEvening)).toBe(false)
  expect(statedVisitCounts({ kind: 'checkup', on: '2026-11-25' }, rule, lateEvening)).toBe(false)
})
