import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fixtures } from '../support/fixtures.ts'

/** Whether every kind of record stands in the corpus, in as many shapes as regions send. */
const ITEMS = [
  'referral',
  'discharge-summary',
  'checkup',
  'condition',
  'allergy-drug',
  'allergy-other',
  'infection',
  'laboratory',
  'prescription',
]
const KINDS = {
  good: 'national-conformant',
  convertible: 'convertible',
  'text-only': 'readable',
  broken: 'nonconformant',
} as const
const SHAPES_MIN = 3

const corpusCase = z.looseObject({
  shape: z.string(),
  resource: z.json(),
  expected: z.looseObject({ level: z.enum(Object.values(KINDS)), item: z.string().nullable() }),
})

describe.each(ITEMS)('%s', (item) => {
  const cases = fixtures(`alignment/corpus/${item}`, corpusCase).filter(
    ({ expected }) => expected.item === item,
  )

  test.each(Object.entries(KINDS))('%s: in at least three shapes', (_kind, level) => {
    const shapes = new Set(cases.filter(({ expected }) => expected.level === level).map(({ shape }) => shape))
    expect([...shapes].length, [...shapes].join(', ')).toBeGreaterThanOrEqual(SHAPES_MIN)
  })

  test('with the codes of the OID era', () => {
    const old = cases.filter(({ resource, expected }) => {
      const isUnderstood = expected.level === 'convertible' || expected.level === 'national-conformant'
      return (
        isUnderstood &&
        /"system":"urn:oid:1\.2\.392\.(200119\.4|100495\.20\.[123]|200250)\./.test(JSON.stringify(resource))
      )
    })
    expect(old.length).toBeGreaterThan(0)
  })
})
