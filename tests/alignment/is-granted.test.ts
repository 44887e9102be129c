import { readdirSync, readFileSync } from 'node:fs'
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

  test.each<[string, object]>([
    ['a list as its code', { code: [infection] }],
    ['no list of codings', { code: { coding: infection.coding[0] } }],
    ['a list in the list of codings', { code: { coding: [infection.coding] } }],
    ['one component without a list', { component: { code: infection } }],
    ['a list as a component', { component: [[{ code: infection }]] }],
    ['one category without a list', { code: {}, category: laboratory }],
  ])('what nobody can read says nothing: %s', (_, more) => {
    const resource = { resourceType: 'Observation', category: [own('home-vitals'), laboratory], ...more }
    expect(isGranted(resource, ITEM_CODES)).toBe(false)
  })

  test('an allergy, whose type and categories are codes by themselves, can be read', () => {
    const resource = { resourceType: 'AllergyIntolerance', type: 'allergy', category: ['food'], code: {} }
    expect(isGranted(resource, ['allergy-other'])).toBe(true)
    expect(isGranted({ ...resource, category: 'food' }, ITEM_CODES)).toBe(false)
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

describe('an infection under another mark than the national one', () => {
  const result = (more: object) => ({ resourceType: 'Observation', category: [laboratory], ...more })
  test.each<[string, object]>([
    [
      'its code in small letters',
      { code: { coding: [{ system: 'urn:x:local', code: '5f016141001819011' }] } },
    ],
    ['its code without a system', { code: { coding: [{ code: ' 5F016141001819011' }] } }],
    ['by LOINC’s name', { code: { coding: [{ display: 'Hepatitis B virus surface Ag [Presence]' }] } }],
    ['in the result', { code: { text: '感染症' }, valueString: 'HIV陽性' }],
    ['in a coded result', { code: { text: '感染症' }, valueCodeableConcept: { text: '梅毒疑い' } }],
    [
      'in a part’s result',
      { code: { text: '感染症' }, component: [{ code: { text: '1' }, valueString: 'HCV(+)' }] },
    ],
    ['in a remark', { code: { text: '感染症' }, note: [{ text: 'HBs抗原 陽性' }] }],
    ['in what belongs to it', { code: { text: '感染症' }, hasMember: [{ display: 'HIV抗体' }] }],
    ...[
      'HBc抗体',
      'HBe抗原',
      'HB抗原',
      'ヒト免疫不全ウイルス',
      'TPPA',
      'TP-HA',
      'TP抗体',
      'STS定性',
      'ワッセルマン反応',
      'Syphilis TP Ab',
      'C型 肝炎',
      'aHCV',
      'AntiHBs',
      'H I V',
    ].map((text): [string, object] => [text, { code: { text } }]),
  ])('%s', (_, more) => {
    expect(isGranted(result(more), others('infection'))).toBe(false)
    expect(isGranted(result(more), ['laboratory', 'infection'])).toBe(true)
  })
})

describe('what carries two items leaves only where both are granted', () => {
  const laboratoryCode = { coding: [{ system: SYSTEMS.coreLaboratory[0], code: '3H010000002399901' }] }
  const careLevel = { system: SYSTEMS.careLevel, code: '21' }
  const ycm = 'http://jpfhir.jp/fhir/core/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS'
  const document = (code: string) => ({ system: 'http://loinc.org', code })
  test.each<[string, Item, Item, object]>([
    [
      'a laboratory result in a vital sign’s part',
      'home-vitals',
      'laboratory',
      { resourceType: 'Observation', category: [own('home-vitals')], component: [{ code: laboratoryCode }] },
    ],
    [
      'a result with a care level’s code',
      'care-level',
      'laboratory',
      { resourceType: 'Observation', code: { coding: [...laboratoryCode.coding, careLevel] } },
    ],
    [
      'an allergy to food and drug',
      'allergy-drug',
      'allergy-other',
      { resourceType: 'AllergyIntolerance', category: ['food', 'medication'] },
    ],
    [
      'a drug under food',
      'allergy-other',
      'allergy-drug',
      {
        resourceType: 'AllergyIntolerance',
        category: ['food'],
        code: { coding: [{ system: ycm, code: 'YCM1149019F1560' }] },
      },
    ],
    [
      'a document of two kinds',
      'referral',
      'discharge-summary',
      { resourceType: 'DocumentReference', type: { coding: [document('57133-1'), document('18842-5')] } },
    ],
    [
      'an injection called a prescription',
      'prescription',
      'injection',
      {
        resourceType: 'MedicationRequest',
        category: [own('prescription')],
        meta: {
          profile: ['http://jpfhir.jp/fhir/core/StructureDefinition/JP_MedicationRequest_Injection|1.1.2'],
        },
      },
    ],
  ])('%s', (_, one, other, resource) => {
    expect(isGranted(resource, others(one))).toBe(false)
    expect(isGranted(resource, others(other))).toBe(false)
    expect(isGranted(resource, [one, other])).toBe(true)
  })

  test('an allergy by a drug’s code alone is to a drug', () => {
    const code = { coding: [{ system: 'urn:oid:1.2.392.100495.20.2.74', code: '103835401' }] }
    expect(classify({ resourceType: 'AllergyIntolerance', code })).toBe('allergy-drug')
  })
})

describe('nothing passes inside something else', () => {
  const result = { resourceType: 'Observation', code: infection }
  test.each<[string, unknown[]]>([
    ['in a Bundle', [{ resourceType: 'Bundle', type: 'collection', entry: [{ resource: result }] }]],
    ['in Parameters', [{ resourceType: 'Parameters', parameter: [{ name: 'x', resource: result }] }]],
    ['in a list', [[result]]],
    ['in a doctor', [{ resourceType: 'Practitioner', contained: [result] }]],
    ['as what no rule recognises', [{ resourceType: 'Observation', code: { text: '検体' } }]],
    ['as a type that no item has', [{ resourceType: 'Immunization' }]],
    ['as a document’s text', [{ resourceType: 'Composition', section: [{ title: '感染症' }] }]],
  ])('%s', (_, contained) => {
    expect(isGranted({ resourceType: 'Condition', contained }, ['condition'])).toBe(false)
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

const CORPUS = new URL('../../fixtures/alignment/corpus/', import.meta.url)
const FOLDERS = [
  'allergy-drug',
  'allergy-other',
  'condition',
  'infection',
  'laboratory',
  'prescription',
] as const
const good = FOLDERS.flatMap((item) =>
  readdirSync(new URL(`${item}/`, CORPUS))
    .filter((file) => file.startsWith('good'))
    .map((file): [string, Item] => [`${item}/${file}`, item]),
)

test.each(good)('a good record leaves where its item is granted: %s', (file, item) => {
  const { resource } = JSON.parse(readFileSync(new URL(file, CORPUS), 'utf8'))
  expect(isGranted(resource, [item])).toBe(true)
})
