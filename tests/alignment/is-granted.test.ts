import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classify, isGranted } from '../../src/alignment/index.ts'
import { ITEM_CODES, ITEMS, type Item, isItem, SYSTEMS } from '../../src/vocabulary/index.ts'

const own = (code: string) => ({ coding: [{ system: SYSTEMS.item, code }] })
const infection = { coding: [{ system: SYSTEMS.infectionLaboratory[0], code: '5F016141001819011' }] }
const laboratory = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
}
const others = (...kept: Item[]) => ITEM_CODES.filter((item) => !kept.includes(item))

describe('an infection is one, whatever its sender calls it', () => {
  test.each<[string, object]>([
    ['by its code, as a laboratory result', { category: [laboratory], code: infection }],
    [
      'under the project’s own code for laboratory results',
      { category: [own('laboratory')], code: infection },
    ],
    ['under the project’s own code for a care item', { category: [own('daily-check')], code: infection }],
    [
      'with the project’s own code beside it',
      { code: { coding: [...own('laboratory').coding, ...infection.coding] } },
    ],
    ['as one component of a panel', { category: [laboratory], component: [{ code: infection }] }],
    ['as a vital sign', { category: [own('home-vitals'), laboratory], code: infection }],
  ])('%s', (_, more) => {
    const resource = { resourceType: 'Observation', ...more }
    expect(classify(resource)).toBe('infection')
    expect(isGranted(resource, others('infection'))).toBe(false)
    expect(isGranted(resource, ['infection'])).toBe(true)
  })

  test('inside another resource', () => {
    const contained = [{ resourceType: 'Observation', code: infection }]
    const resource = { resourceType: 'Observation', category: [laboratory], contained }
    expect(isGranted(resource, ['laboratory'])).toBe(false)
    expect(isGranted(resource, ['laboratory', 'infection'])).toBe(true)
  })
})

describe('a result that names an infection in words only', () => {
  const named = (words: string) => [
    { category: [laboratory], code: { text: words } },
    { category: [laboratory], code: { coding: [{ system: 'urn:x:local', code: 'L1', display: words }] } },
    { category: [laboratory], component: [{ code: { text: words } }] },
    { category: [laboratory], contained: [{ resourceType: 'Observation', code: { text: words } }] },
  ]
  test.each(['HBs抗原', 'ＨＣＶ抗体', 'hiv-1/2 抗体', '梅毒定性', 'TPHA', 'RPR（半定量）', 'B型肝炎'])(
    '%s leaves only where infections are granted too',
    (words) => {
      for (const more of named(words)) {
        const resource = { resourceType: 'Observation', ...more }
        expect(classify(resource)).toBe('laboratory')
        expect(isGranted(resource, others('infection'))).toBe(false)
        expect(isGranted(resource, ['laboratory', 'infection'])).toBe(true)
      }
    },
  )
  test.each(['血糖（簡易）', 'Hb', 'HbA1c', 'CRP', 'TP', '総蛋白', 'SHBS'])('%s is none', (words) => {
    for (const more of named(words))
      expect(isGranted({ resourceType: 'Observation', ...more }, ['laboratory'])).toBe(true)
  })
})

describe('a narrower item never leaves under the wider one', () => {
  test.each<[Item, Item, object]>([
    ['past-history', 'condition', { resourceType: 'Condition', category: [own('past-history')] }],
    ['chief-complaint', 'condition', { resourceType: 'Condition', code: own('chief-complaint') }],
    ['injection', 'prescription', { resourceType: 'MedicationRequest', category: [own('injection')] }],
    [
      'barthel-index',
      'adl',
      { resourceType: 'Observation', code: { coding: [{ system: 'http://loinc.org', code: '96761-2' }] } },
    ],
    ['care-adl', 'adl', { resourceType: 'Observation', category: [own('care-adl')] }],
    [
      'height-weight',
      'home-vitals',
      { resourceType: 'Observation', code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] } },
    ],
  ])('%s under %s', (narrow, wide, resource) => {
    expect(isGranted(resource, others(narrow))).toBe(false)
    expect(isGranted(resource, [wide])).toBe(false)
    expect(isGranted(resource, [narrow])).toBe(true)
  })

  test('nor inside it: a diagnosis in a prescription', () => {
    const prescription = { resourceType: 'MedicationRequest', contained: [{ resourceType: 'Condition' }] }
    expect(isGranted(prescription, others('condition'))).toBe(false)
    expect(isGranted(prescription, ['prescription', 'condition'])).toBe(true)
    const deep = { resourceType: 'Observation', contained: [{ resourceType: 'Condition' }] }
    expect(isGranted({ ...prescription, contained: [deep] }, ['prescription'])).toBe(false)
  })

  test('an encounter or a doctor inside is part of the whole', () => {
    const contained = [{ resourceType: 'Encounter' }, { resourceType: 'Practitioner' }, 'not a resource']
    expect(isGranted({ resourceType: 'Condition', contained }, ['condition'])).toBe(true)
  })

  test('an allergy to a drug is one, so that it stands where allergies are looked for', () => {
    const resource = {
      resourceType: 'AllergyIntolerance',
      category: ['medication'],
      code: own('contraindicated-drug'),
    }
    expect(classify(resource)).toBe('allergy-drug')
  })
})

test('a type that is not searched for an item gives nothing of it', () => {
  const report = { resourceType: 'DiagnosticReport', category: [own('laboratory')] }
  expect(classify(report)).toBe('laboratory')
  expect(isGranted(report, ITEM_CODES)).toBe(false)
})

test.each(ITEM_CODES)('%s is granted by its own name alone', (item) => {
  for (const resourceType of ITEMS[item].types) {
    const resource = { resourceType, category: [own(item)] }
    expect(isGranted(resource, [item])).toBe(true)
    expect(isGranted(resource, others(item))).toBe(false)
  }
})

/** Resources that carry several marks at once, some of them contradicting each other. */
const marks = fc.array(
  fc.oneof(
    fc.constantFrom(...ITEM_CODES).map(own),
    fc.constantFrom(infection, laboratory, 'medication', null),
    fc.jsonValue(),
  ),
  { maxLength: 4 },
)
const resources = fc.record({
  resourceType: fc.constantFrom(...new Set(ITEM_CODES.flatMap((item) => ITEMS[item].types)), 'Immunization'),
  category: marks,
  code: fc.oneof(
    marks.map((all) => ({
      coding: all.flatMap((each) => (each as { coding?: unknown[] } | null)?.coding ?? []),
    })),
    fc.jsonValue(),
  ),
  contained: fc.oneof(
    fc.constant(undefined),
    fc.jsonValue(),
    fc.array(
      fc.record({ resourceType: fc.constantFrom('Condition', 'Observation', 'Encounter'), category: marks }),
    ),
  ),
})

describe('for any resource and any grant', () => {
  const grants = fc.subarray([...ITEM_CODES])

  test('what leaves is of an item that was granted', () => {
    fc.assert(
      fc.property(resources, grants, (resource, granted) => {
        if (!isGranted(resource, granted)) return
        const item = classify(resource)
        expect(isItem(item) && granted.includes(item)).toBe(true)
      }),
    )
  })

  test('granting one item more takes nothing away', () => {
    fc.assert(
      fc.property(resources, grants, fc.constantFrom(...ITEM_CODES), (resource, granted, more) => {
        if (isGranted(resource, granted)) expect(isGranted(resource, [...granted, more])).toBe(true)
      }),
    )
  })
})
