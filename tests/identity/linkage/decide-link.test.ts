import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { decideLink } from '../../../src/identity/linkage/index.ts'
import { fixtures } from '../../support/fixtures.ts'
import { anyRecord } from '../any-record.ts'
import { featuresOf, HANAKO, recordSchema } from '../resident.ts'

/** `a` differs from the sample resident in what it says, and `b` from `a`. */
const pairCase = z.strictObject({
  case: z.string(),
  a: recordSchema.default({}),
  b: recordSchema,
  decision: z.enum(['auto', 'review', 'possible', 'none']),
  rule: z.enum(['A0', 'A1', 'A2', 'A3', 'A4', 'A5']).optional(),
  vetoes: z.array(z.string()),
})

describe('decided pairs', () => {
  test.each(fixtures('identity/pairs', pairCase))('$case', ({ a, b, decision, rule, vetoes }) => {
    const left = featuresOf({ ...HANAKO, ...a })
    const right = featuresOf({ ...HANAKO, ...a, ...b })
    const decided = decideLink(left, right)
    expect({ decision: decided.decision, rule: decided.rule, vetoes: decided.vetoes }).toEqual({
      decision,
      rule,
      vetoes,
    })
    expect(decideLink(right, left)).toEqual(decided)
  })
})

test('two records say the same of each other whichever is looked at first', () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, (a, b) => {
      expect(decideLink(featuresOf(a), featuresOf(b))).toEqual(decideLink(featuresOf(b), featuresOf(a)))
    }),
  )
})

test('nothing is automatic under a veto, and nothing without a rule', () => {
  fc.assert(
    fc.property(anyRecord, anyRecord, (a, b) => {
      const { decision, rule, vetoes } = decideLink(featuresOf(a), featuresOf(b))
      const isClear = rule !== undefined && vetoes.length === 0
      expect(decision === 'auto').toBe(isClear)
      if (decision === 'none') expect(rule).toBeUndefined()
      if (decision === 'review') expect(vetoes).not.toEqual([])
    }),
  )
})
