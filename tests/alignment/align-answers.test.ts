import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AlignedSource, alignAnswers } from '../../src/alignment/index.ts'
import { ITEM_CODES, type Item, SOURCE_STATES, type SourceState } from '../../src/vocabulary/index.ts'
import { fixtures } from '../support/fixtures.ts'

const item = z.enum(ITEM_CODES)
const answersCase = z.strictObject({
  case: z.string(),
  asked: z.array(item),
  sources: z.array(
    z.strictObject({
      region: z.strictObject({ id: z.string(), name: z.string() }),
      state: z.enum(Object.keys(SOURCE_STATES) as [SourceState, ...SourceState[]]),
      items: z.array(item).optional(),
      resources: z.array(z.json()).transform((all) => all.map((each) => ({ text: JSON.stringify(each) }))),
    }),
  ),
  expected: z.partialRecord(
    item,
    z.strictObject({ status: z.string(), incomplete: z.boolean(), entries: z.int().optional() }),
  ),
})

describe('empty is not absent', () => {
  test.each(fixtures('alignment/answers', answersCase))('$case', ({ sources, asked, expected }) => {
    const { items } = alignAnswers(sources, asked)
    expect(items.map((each) => each.item).sort()).toEqual([...asked].sort())
    for (const { item, status, incomplete, entries } of items) {
      const wanted = expected[item]
      expect({ item, status, incomplete }).toEqual({
        item,
        status: wanted?.status,
        incomplete: wanted?.incomplete,
      })
      if (wanted?.entries !== undefined) expect(entries).toHaveLength(wanted.entries)
    }
  })
})

const MINATO = { id: 'minato', name: 'みなと連携ネット' }
const SHIOKAZE = { id: 'shiokaze', name: 'しおかぜ医療介護ネット' }

const aligned = (texts: string[], items: Item[] = [...ITEM_CODES]) =>
  alignAnswers(
    [{ region: MINATO, state: 'complete', items, resources: texts.map((text) => ({ text })) }],
    ITEM_CODES,
  )

const potassium = (value: string, more = '') =>
  `{"resourceType":"Observation","id":"k","status":"final","category":[{"coding":[{"system":"http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS","code":"laboratory"}]}],"code":{"text":"カリウム"},"effectiveDateTime":"2026-10-01T09:00:00+09:00","valueQuantity":{"value":${value},"unit":"mmol/L"}${more}}`

describe('a result in words', () => {
  test.each(['7.10', '7.1', '0.00', '1e2', '-0.50', '12345678901234567890.10'])(
    '%s keeps the digits as they were sent',
    (digits) => {
      expect(aligned([potassium(digits)]).timeline[0]?.value).toBe(`${digits} mmol/L`)
    },
  )

  test('outside its range, as the source says, with the range beside it', () => {
    const text = potassium(
      '7.10',
      ',"interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"H"}]}],"referenceRange":[{"low":{"value":3.60,"unit":"mmol/L"},"high":{"value":4.80,"unit":"mmol/L"}}]',
    )
    expect(aligned([text]).timeline[0]).toMatchObject({
      title: 'カリウム',
      isAbnormal: true,
      notes: ['高値'],
      details: ['基準 3.60～4.80 mmol/L'],
    })
  })

  test('less than a limit keeps its sign; a missing one says why', () => {
    const less = potassium('0.10').replace('"value":0.10', '"comparator":"<","value":0.10')
    expect(aligned([less]).timeline[0]?.value).toBe('<0.10 mmol/L')
    const missing = potassium('1').replace(
      /"valueQuantity":\{[^}]*\}/,
      '"dataAbsentReason":{"text":"検体量不足"}',
    )
    expect(aligned([missing]).timeline[0]?.value).toBe('値の記載がありません（検体量不足）')
  })

  test('blood pressure is its parts', () => {
    const part = (text: string, value: string) =>
      `{"code":{"text":"${text}"},"valueQuantity":{"value":${value},"unit":"mmHg"}}`
    const text = potassium('1').replace(
      /"valueQuantity":\{[^}]*\}/,
      `"component":[${part('収縮期血圧', '128')},${part('拡張期血圧', '80')}]`,
    )
    expect(aligned([text]).timeline[0]?.value).toBe('収縮期血圧 128 mmHg、拡張期血圧 80 mmHg')
  })
})

describe('a prescription in words', () => {
  const prescription = (more: object) =>
    JSON.stringify({
      resourceType: 'MedicationRequest',
      id: 'p',
      status: 'completed',
      intent: 'order',
      authoredOn: '2026-10-01',
      medicationCodeableConcept: { text: 'アムロジピン錠２．５ｍｇ' },
      ...more,
    })

  test('an order not to give the drug says so', () => {
    expect(aligned([prescription({ doNotPerform: true })]).timeline[0]?.notes).toContain(
      '投与しないことの指示',
    )
  })

  test('a mistake is shown but not on record', () => {
    const { items } = aligned([prescription({ status: 'entered-in-error' })])
    expect(items.find(({ item }) => item === 'prescription')).toMatchObject({
      status: 'not-recorded',
      entries: [{ standing: 'withdrawn', notes: ['誤記載のため取消'] }],
    })
  })

  test('a drug by reference is named by what it refers to', () => {
    const text = prescription({
      medicationCodeableConcept: undefined,
      medicationReference: { reference: '#m' },
      contained: [{ resourceType: 'Medication', id: 'm', code: { text: '院内製剤' } }],
    })
    expect(aligned([text]).timeline[0]?.title).toBe('院内製剤')
  })
})

test('a document brings its plain text; another format is named only', () => {
  const document = (contentType: string) =>
    JSON.stringify({
      resourceType: 'DocumentReference',
      id: 'd',
      status: 'current',
      type: {
        coding: [{ system: 'http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes', code: '57133-1' }],
        text: '診療情報提供書',
      },
      date: '2026-10-01T00:00:00Z',
      content: [{ attachment: { contentType, data: Buffer.from('拝啓\n貴院').toString('base64') } }],
    })
  expect(aligned([document('text/plain; charset=utf-8')]).timeline[0]?.body).toBe('拝啓\n貴院')
  expect(aligned([document('text/html')]).timeline[0]).toMatchObject({
    title: '診療情報提供書',
    body: undefined,
  })
})

describe('a FHIR document that came with its reference is opened', () => {
  const referral = (change: (text: string) => string = (text) => text) => {
    const file = new URL('../../fixtures/alignment/corpus/referral/good-1.12.0.json', import.meta.url)
    const { resource } = JSON.parse(readFileSync(file, 'utf8')) as { resource: object }
    return change(JSON.stringify(resource))
  }
  const bodyOf = (text: string) =>
    aligned([
      JSON.stringify({
        resourceType: 'DocumentReference',
        id: 'd',
        status: 'current',
        type: {
          coding: [{ system: 'http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes', code: '57133-1' }],
        },
        date: '2026-10-01T00:00:00Z',
        content: [
          {
            attachment: {
              contentType: 'application/fhir+json',
              data: Buffer.from(text).toString('base64'),
            },
          },
        ],
      }),
    ]).timeline[0]?.body

  test('its sections, what they refer to, and no markup', () => {
    const body = bodyOf(referral()) ?? ''
    expect(body).toMatch(/【傷病名・主訴】\n(.*\n)*・/)
    expect(body).toContain('【紹介元情報】')
    expect(body).not.toMatch(/<div|undefined/)
  })

  test('what the law lets nobody see is not in it; what is not told to the patient says so', () => {
    const flagged = (flag: string) =>
      referral((text) => {
        const bundle = JSON.parse(text) as { entry: { resource: { resourceType: string; meta?: object } }[] }
        for (const { resource } of bundle.entry) {
          if (resource.resourceType !== 'Condition') continue
          const system = 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_ehrshrs_indication'
          resource.meta = { ...resource.meta, tag: [{ system, code: flag }] }
          Object.assign(resource, { code: { text: 'ひみつの病' } })
        }
        return JSON.stringify(bundle)
      })
    expect(bodyOf(flagged('UNDELIVERED'))).toContain('【傷病名・主訴】')
    expect(bodyOf(flagged('UNDELIVERED'))).not.toContain('ひみつの病')
    expect(bodyOf(flagged('UNINFORMED'))).toContain('［本人に未告知］　ひみつの病')
  })

  test('what something unknown changes is not said, and that it is there is', () => {
    const changed = referral((text) =>
      text.replaceAll(
        '"resourceType":"Condition",',
        '"resourceType":"Condition","modifierExtension":[{"url":"https://x.example/y","valueBoolean":true}],',
      ),
    )
    expect(bodyOf(changed)).toContain('表示できない記載があります')
  })

  test('what is no document opens nothing', () => {
    expect(bodyOf('{"resourceType":"Bundle","type":"collection"}')).toBeUndefined()
    expect(bodyOf('{"resourceType":"Bundle","type":"document","entry":[')).toBeUndefined()
    expect(bodyOf('null')).toBeUndefined()
  })
})

test('time runs from the newest to the oldest, across precisions and offsets; without a date last', () => {
  const condition = (id: string, onset?: string) =>
    JSON.stringify({ resourceType: 'Condition', id, code: { text: id }, onsetDateTime: onset })
  const { timeline, items } = aligned([
    condition('none'),
    condition('wrong', '2026-02-30T00:00:00+99:00'),
    condition('year', '2024'),
    condition('late', '2026-11-22T00:30:00+09:00'),
    condition('early', '2026-11-21T15:00:00Z'),
    condition('month', '2026-11'),
  ])
  expect(timeline.map(({ title }) => title)).toEqual(['late', 'early', 'month', 'year', 'none', 'wrong'])
  expect(items.find(({ item }) => item === 'condition')?.freshest).toBe('2026-11-22T00:30:00+09:00')
})

test('flags are shown, the institution is named by its number', () => {
  const text = JSON.stringify({
    resourceType: 'Condition',
    id: 'c',
    meta: {
      tag: [
        {
          system: 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_ehrshrs_indication',
          code: 'UNINFORMED',
        },
      ],
    },
    extension: [
      {
        url: 'http://jpfhir.jp/fhir/clins/Extension/StructureDefinition/JP_eCS_InstitutionNumber',
        valueIdentifier: { value: '1419900011' },
      },
    ],
    code: { text: '胃癌' },
  })
  expect(aligned([text]).timeline[0]).toMatchObject({
    flags: ['UNINFORMED'],
    holdings: [{ region: MINATO, origin: { number: '1419900011' }, reference: 'Condition/c' }],
  })
})

test('folded by one shared code, whatever else each region adds', () => {
  const YJ = { system: 'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code', code: '2171022F1029' }
  const HOT = { system: 'http://medis.or.jp/CodeSystem/master-HOT9', code: '100000001' }
  const LOCAL = {
    system: 'http://jpfhir.jp/fhir/eCS/CodeSystem/DrugCode/11419900011',
    code: 'A1',
  }
  const text = (coding: object[]) =>
    JSON.stringify({
      resourceType: 'MedicationRequest',
      id: 'p',
      status: 'completed',
      authoredOn: '2026-10-01',
      medicationCodeableConcept: { coding, text: '錠' },
    })
  const source = (region: AlignedSource['region'], coding: object[]): AlignedSource => ({
    region,
    state: 'complete',
    items: ['prescription'],
    resources: [{ text: text(coding) }],
  })
  const both = (one: object[], other: object[]) =>
    alignAnswers([source(MINATO, one), source(SHIOKAZE, other)], ['prescription']).timeline
  expect(both([HOT, YJ], [LOCAL, YJ])).toMatchObject([
    { holdings: [{ region: MINATO }, { region: SHIOKAZE }] },
  ])
  expect(both([LOCAL, HOT], [LOCAL, YJ])).toHaveLength(2)
})

describe('one thing is known again, whatever each region calls it', () => {
  const JLAC10 = '3A015000002327101'
  const result = (system: string, display: string) =>
    JSON.stringify({
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { coding: [{ system, code: JLAC10, display }], text: display },
      effectiveDateTime: '2026-10-01',
      valueQuantity: { value: 4, unit: 'g/dL' },
    })
  const drug = (system: string, code: string) =>
    JSON.stringify({
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'completed',
      authoredOn: '2026-10-01',
      medicationCodeableConcept: { coding: [{ system, code }], text: code },
    })
  const allergen = (system: string, code: string) =>
    JSON.stringify({
      resourceType: 'AllergyIntolerance',
      id: 'a',
      category: ['medication'],
      recordedDate: '2026-10-01',
      code: { coding: [{ system, code }], text: code },
    })
  const HOT9 = 'http://medis.or.jp/CodeSystem/master-HOT9'
  const YJ = 'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code'
  const GCM = 'http://jpfhir.jp/fhir/core/CodeSystem/GCM/JP_JfagyMedicationAllergen_CS'
  const YCM = 'http://jpfhir.jp/fhir/core/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS'
  const FOOD = 'http://jpfhir.jp/fhir/core/CodeSystem/JP_JfagyFoodAllergen_CS'

  test.each([
    [
      'a result by OID and by its national item',
      result('urn:oid:1.2.392.200119.4.504', 'アルブミン'),
      result('http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS', 'ALB'),
      1,
    ],
    ['a drug by HOT9 and by YJ', drug(HOT9, '121431401'), drug(YJ, '2171022F6276'), 1],
    [
      'a drug by YJ and by YJ’s older name',
      drug(YJ, '2171022F6276'),
      drug('urn:oid:1.2.392.100495.20.1.73', '2171022F6276'),
      1,
    ],
    ['two makers’ drugs of one ingredient', drug(YJ, '2171022F6276'), drug(YJ, '2171022F6284'), 2],
    [
      'an allergy to a product and one to its ingredient',
      allergen(YCM, 'YCM1149019F1560'),
      allergen(GCM, 'GCM1149019F1ZZZ'),
      2,
    ],
    [
      'two foods that have no code of their own',
      allergen(FOOD, 'D9F000000000').replace('"text":"D9F000000000"', '"text":"とび魚"'),
      allergen(FOOD, 'D9F000000000').replace('"text":"D9F000000000"', '"text":"かます"'),
      2,
    ],
  ])('%s', (_name, one, other, entries) => {
    const source = (region: AlignedSource['region'], text: string): AlignedSource => ({
      region,
      state: 'complete',
      items: [...ITEM_CODES],
      resources: [{ text }],
    })
    expect(alignAnswers([source(MINATO, one), source(SHIOKAZE, other)], ITEM_CODES).timeline).toHaveLength(
      entries,
    )
  })
})

test('what nobody here can read is counted by region, companions are not', () => {
  const { undisplayed, timeline } = aligned([
    '{"resourceType":"Immunization","id":"i"}',
    '{"resourceType":"Patient","id":"p"}',
    'not JSON',
    '[]',
  ])
  expect(timeline).toEqual([])
  expect(undisplayed).toEqual([{ region: MINATO, count: 3 }])
})

test('nonsense in any element is never a fault', () => {
  const names = [
    'category',
    'code',
    'contained',
    'content',
    'dosageInstruction',
    'extension',
    'interpretation',
    'medicationReference',
    'meta',
    'reaction',
    'referenceRange',
    'status',
    'type',
    'valueQuantity',
    'verificationStatus',
    'component',
    'onsetDateTime',
    'doNotPerform',
    'valueRange',
  ]
  const resource = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.jsonValue({ maxDepth: 4 })])) as Record<
      string,
      fc.Arbitrary<unknown>
    >,
    { requiredKeys: [] },
  )
  const type = fc.constantFrom(
    'AllergyIntolerance',
    'Condition',
    'MedicationRequest',
    'Observation',
    'DocumentReference',
  )
  fc.assert(
    fc.property(type, resource, (resourceType, rest) => {
      const { timeline, undisplayed } = aligned([JSON.stringify({ ...rest, resourceType })])
      expect(timeline.length + undisplayed.length).toBe(1)
    }),
    { numRuns: 500 },
  )
})
