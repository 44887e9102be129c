import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { recognise } from '../../src/alignment/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'
import { fixtures } from '../support/fixtures.ts'

const recogniseCase = z.strictObject({
  case: z.string(),
  resource: z.json(),
  item: z.enum(ITEM_CODES).nullable(),
})

describe('a resource is of the item that the national discriminators name', () => {
  test.each(fixtures('alignment/recognise', recogniseCase))('$case', ({ resource, item }) => {
    expect(recognise(resource) ?? null).toBe(item)
  })
})

describe('any JSON is either an item or none, never a fault', () => {
  const types = fc.constantFrom(
    'AllergyIntolerance',
    'Observation',
    'DocumentReference',
    'MedicationRequest',
    'Condition',
    '__proto__',
  )
  const broken = fc.record({
    resourceType: types,
    category: fc.jsonValue(),
    code: fc.oneof(fc.jsonValue(), fc.record({ coding: fc.jsonValue() })),
    type: fc.oneof(fc.jsonValue(), fc.record({ coding: fc.jsonValue() })),
  })
  test('neither plain values nor resources with nonsense inside', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), broken), (value) => {
        const item = recognise(value)
        expect(item === undefined || ITEM_CODES.includes(item)).toBe(true)
      }),
    )
  })
})
