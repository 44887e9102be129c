import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { inEnglish, judgeText } from '../../src/alignment/index.ts'
import invariants from '../../src/alignment/rules/invariants.json' with { type: 'json' }
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

test('every sentence about a broken rule is said in English too', () => {
  const folders = [...ITEMS, 'submission', 'bad-input']
  const texts = folders.flatMap((folder) =>
    fixtures(`alignment/corpus/${folder}`, z.looseObject({ resource: z.json() })).flatMap(({ resource }) =>
      judgeText(JSON.stringify(resource)).flatMap(({ issues, lacking }) =>
        [...issues, ...lacking].map(({ text }) => text),
      ),
    ),
  )
  const guides = Object.values(invariants.invariants).map(({ text }) => text)
  const unsaid = [...new Set([...texts, ...guides])].filter((text) => inEnglish(text) === undefined)
  expect(unsaid).toEqual([])
  expect(inEnglish('1件以上必要です（0件）。（system=http://x）')).toBe(
    'At least 1 must be there (0 are). (system=http://x)',
  )
})
