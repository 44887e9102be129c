import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { judgeText, LEVELS } from '../../src/alignment/index.ts'
import { CATALOGUE_CODES } from '../../src/vocabulary/index.ts'
import { fixtures } from '../support/fixtures.ts'

const expectation = z.strictObject({
  level: z.enum(LEVELS),
  item: z.enum(CATALOGUE_CODES).nullable(),
  /** Rules that must be named; none may be where it is empty. */
  issues: z.array(z.string()),
  /** Maps that must have added something. */
  added: z.array(z.string()).optional(),
  igVersion: z.string().optional(),
})
const corpusCase = z.strictObject({
  case: z.string(),
  /** The guide and version whose shape it has. */
  shape: z.string(),
  resource: z.json(),
  expected: expectation.extend({ entries: z.record(z.string(), expectation).optional() }),
})

const FOLDERS = [
  'condition',
  'allergy-drug',
  'allergy-other',
  'infection',
  'laboratory',
  'prescription',
  'referral',
  'discharge-summary',
  'checkup',
  'submission',
  'bad-input',
]

describe.each(FOLDERS)('%s: how far a record fits the national set', (folder) => {
  test.each(fixtures(`alignment/corpus/${folder}`, corpusCase))(
    '$case ($shape)',
    ({ resource, expected }) => {
      const verdicts = judgeText(JSON.stringify(resource))
      const { entries = {}, ...own } = expected
      for (const [path, wanted] of [['', own] as const, ...Object.entries(entries)]) {
        const verdict = path === '' ? verdicts[0] : verdicts.find((each) => each.path === path)
        expect(
          verdict?.issues.length === 0 || wanted.issues.length > 0,
          JSON.stringify(verdict?.issues),
        ).toBe(true)
        expect(verdict?.issues.map(({ rule }) => rule)).toEqual(expect.arrayContaining(wanted.issues))
        expect(verdict?.added.map(({ by }) => by)).toEqual(expect.arrayContaining(wanted.added ?? []))
        expect(verdict).toMatchObject({ level: wanted.level, item: wanted.item })
        if (wanted.igVersion !== undefined) expect(verdict?.igVersion).toBe(wanted.igVersion)
      }
    },
  )
})

test('every breach has its rule, its place and a sentence in Japanese, and never a value of the record', () => {
  const name = 'とくていのひと'
  const text = JSON.stringify({
    resourceType: 'Patient',
    meta: { profile: ['http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Patient_eCS'] },
    name: [{ text: name, family: 12 }],
    gender: name,
    birthDate: name,
  })
  const [verdict] = judgeText(text)
  expect(verdict?.issues.length).toBeGreaterThan(5)
  for (const { rule, path, text } of verdict?.issues ?? []) {
    expect(rule).toMatch(/\S/)
    expect(path).toMatch(/^Patient/)
    expect(text).toMatch(/[ぁ-ん]/)
  }
  expect(JSON.stringify(verdict)).not.toContain(name)
})

describe('any text gets a verdict, never a throw and never nothing', () => {
  test.each([
    ['cut off', '{"resourceType":"Condition","code":{"text":"胃'],
    ['no object', '[]'],
    ['one key twice', '{"resourceType":"Condition","resourceType":"Patient"}'],
    ['very deep', `${'{"extension":['.repeat(200)}1${']}'.repeat(200)}`],
    ['half a character', '{"resourceType":"Condition","code":{"text":"\\ud83d"}}'],
    ['a prototype', '{"resourceType":"Condition","__proto__":{"text":"x"}}'],
    ['nothing', ''],
  ])('%s', (_name, text) => {
    expect(judgeText(text)).toMatchObject([
      {
        path: '$',
        level: 'nonconformant',
        resourceType: null,
        issues: [{ rule: 'tsunagi-json', path: '$' }],
      },
    ])
  })

  test('bundles in bundles in bundles end somewhere', () => {
    let bundle: object = { resourceType: 'Bundle', type: 'collection' }
    for (let depth = 0; depth < 8; depth++)
      bundle = { resourceType: 'Bundle', type: 'collection', entry: [{ resource: bundle }] }
    const verdicts = judgeText(JSON.stringify(bundle))
    expect(verdicts.at(-1)?.issues.map(({ rule }) => rule)).toContain('tsunagi-nested')
    expect(verdicts[0]?.level).toBe('nonconformant')
  })

  test('a record that refers to itself', () => {
    const text = JSON.stringify({
      resourceType: 'Condition',
      id: 'x',
      code: { text: '腰痛' },
      subject: { reference: 'Patient/1' },
      contained: [
        {
          resourceType: 'Encounter',
          id: 'a',
          status: 'finished',
          class: { code: 'AMB' },
          partOf: { reference: '#a' },
        },
      ],
      encounter: { reference: '#a' },
    })
    expect(judgeText(text)).toMatchObject([
      {
        level: 'nonconformant',
        issues: [{ rule: 'tsunagi-contained-itself', path: 'Condition.contained[0]' }],
      },
    ])
  })

  test('thousands of breaches are counted, not listed', () => {
    const text = JSON.stringify({
      resourceType: 'Basic',
      code: { text: 'x' },
      identifier: Array.from({ length: 5_000 }, () => ({ system: 1 })),
    })
    const [verdict] = judgeText(text)
    expect(verdict?.issues.length).toBeLessThan(250)
    expect(verdict?.issues.at(-1)).toMatchObject({ rule: 'tsunagi-more' })
  })

  const types = fc.constantFrom(
    'Condition',
    'Observation',
    'Bundle',
    'MedicationRequest',
    'Patient',
    'Composition',
    'constructor',
  )
  const profiles = fc.constantFrom(
    'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Condition_eCS|1.5.2',
    'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Observation_LabResult_eCS',
    'http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_CLINS|99.0.0',
    'http://jpfhir.jp/fhir/eReferral/StructureDefinition/JP_Composition_eReferral|0.1.0',
  )
  const nonsense = fc.jsonValue({ maxDepth: 4 })
  const names = [
    'code',
    'identifier',
    'subject',
    'section',
    'entry',
    'contained',
    'extension',
    'name',
    'type',
    'category',
    'valueQuantity',
    'meta2',
    '_code',
  ]
  const resource = fc
    .tuple(types, fc.array(profiles, { maxLength: 2 }), fc.dictionary(fc.constantFrom(...names), nonsense))
    .map(([resourceType, profile, rest]) => ({ ...rest, resourceType, meta: { profile } }))

  test('whatever stands in a record', () => {
    fc.assert(
      fc.property(fc.oneof(nonsense, resource), (value) => {
        const verdicts = judgeText(JSON.stringify(value))
        expect(verdicts.length).toBeGreaterThan(0)
        for (const { level, issues } of verdicts) {
          expect(LEVELS).toContain(level)
          if (level === 'nonconformant') expect(issues.length).toBeGreaterThan(0)
        }
      }),
      { numRuns: 400 },
    )
  })
})
