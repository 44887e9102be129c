import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { classify, liftSections } from '../../src/alignment/index.ts'
import {
  CATALOGUE_CODES,
  CLINICAL_TYPES,
  ITEM_CATALOGUE,
  ITEM_CODES,
  ITEMS,
  itemsOf,
  SYSTEMS,
  typesOf,
} from '../../src/vocabulary/index.ts'
import { fixtures } from '../support/fixtures.ts'

const classifyCase = z.strictObject({
  case: z.string(),
  resource: z.json(),
  item: z.enum(CATALOGUE_CODES).nullable(),
})

describe('a resource is of one shared item, or unclassified', () => {
  test.each(fixtures('alignment/classify', classifyCase))('$case', ({ resource, item }) => {
    expect(classify(resource) ?? null).toBe(item)
  })

  test.each(CATALOGUE_CODES)('%s is known by the project’s own code in each of its types', (code) => {
    const { types } = ITEM_CATALOGUE[code]
    for (const resourceType of types) {
      const concept = { coding: [{ system: SYSTEMS.item, code }] }
      expect(classify({ resourceType, category: [concept] })).toBe(code)
      expect(classify({ resourceType, code: concept })).toBe(code)
    }
  })

  test('any JSON is an item or none', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('Observation', 'Procedure', '__proto__'),
        (value, resourceType) => {
          const item = classify({ resourceType, category: value, code: value, meta: value })
          expect(item === undefined || CATALOGUE_CODES.includes(item)).toBe(true)
        },
      ),
    )
  })
})

describe('the catalogue', () => {
  /** 神奈川県地域医療介護連携ネットワーク構築ガイドライン, §3-3, the example list. */
  const LIST =
    '氏名 性別 生年月日 住所 被保険者番号・記号 要介護度 家族構成 身長・体重 既往歴 アレルギー 禁忌薬 病名 処方 注射 主訴 処理（処置） 手術 退院サマリー 看護サマリー 診療記録 診療情報提供書 主治医意見書 検査情報 検査画像 読影レポート 心電図 心エコー 健診情報 栄養情報 副作用 感染症 ADL BMI 各種連携パス 生活情報記録 介護記録 食事 訪問看護記録 バーセルインデックス LIFE情報 口腔ケア ケアプラン 日常チェック フェイスシート iADL 在宅バイタル 動画・写真'.split(
      ' ',
    )

  test('has every row of the guideline, and nothing that no row names', () => {
    const rows = new Set(CATALOGUE_CODES.map((code) => ITEM_CATALOGUE[code].guideline))
    expect([...rows].sort()).toEqual([...LIST].sort())
  })

  test('has the 3 documents and 6 data, each with its counterpart, and no care item with one', () => {
    const national = CATALOGUE_CODES.filter((code) =>
      ['document', 'data'].includes(ITEM_CATALOGUE[code].group),
    )
    expect(national).toHaveLength(9)
    for (const code of CATALOGUE_CODES) {
      const { group, national: counterpart, care, search = [] } = ITEM_CATALOGUE[code]
      if (group === 'document' || group === 'data') expect(counterpart).toMatch(/3文書|6情報/)
      if (group === 'care') expect(`${counterpart ?? ''}${search.join()}`).not.toMatch(/clins/i)
      if (group === 'care') expect(care).toBe(true)
    }
  })

  test('says how each is asked for, except what comes with the person', () => {
    for (const code of CATALOGUE_CODES) {
      const { search, types, place } = ITEM_CATALOGUE[code]
      if (search === undefined) expect(place).toBe('banner')
      for (const each of search ?? []) expect(types).toContain(each.split('?')[0])
    }
  })

  test('what a query may name is what a searched type carries, under the same name', () => {
    const carried = CATALOGUE_CODES.filter((code) =>
      ITEM_CATALOGUE[code].search?.some((each) => CLINICAL_TYPES.some((type) => type === each.split('?')[0])),
    )
    expect(ITEM_CODES).toEqual(carried)
    for (const code of ITEM_CODES) {
      expect(ITEMS[code].ja).toBe(ITEM_CATALOGUE[code].ja)
      expect(typesOf([code])).toEqual(ITEMS[code].types)
    }
    for (const type of CLINICAL_TYPES) expect(itemsOf([type])).not.toEqual([])
  })

  test('an item that is refused with another is of a type that carries that too', () => {
    for (const code of ITEM_CODES) {
      const { refusedWith } = ITEM_CATALOGUE[code]
      if (refusedWith === undefined) continue
      const { types } = ITEM_CATALOGUE[refusedWith]
      expect(ITEM_CATALOGUE[code].types.some((type) => types.includes(type))).toBe(true)
    }
  })
})

describe('sections lifted out of a document', () => {
  const coded = (code: string, more: object) => ({
    title: 'x',
    code: { coding: [{ system: 'http://jpfhir.jp/fhir/clins/CodeSystem/document-section', code }] },
    ...more,
  })
  const condition = { resourceType: 'Condition', id: 'c', code: { text: '虫垂炎' } }
  const drug = { resourceType: 'MedicationRequest', id: 'm' }
  const document = (section: object[]) => ({
    resourceType: 'Bundle',
    type: 'document',
    entry: [
      { fullUrl: 'urn:uuid:0', resource: { resourceType: 'Composition', section } },
      { fullUrl: 'urn:uuid:1', resource: condition },
      { fullUrl: 'urn:uuid:2', resource: drug },
    ],
  })

  test.each([
    ['370', 'as 1.5.4 and later code it'],
    ['372', 'as 1.5.2 codes it'],
  ])('past history, %s: %s', (code) => {
    const inside = coded(code, { entry: [{ reference: 'urn:uuid:1' }] })
    expect(liftSections(document([coded('300', { section: [inside] })]))).toMatchObject([
      { code: '300', entries: [] },
      { code: '370', item: 'past-history', entries: [{ resource: condition, item: 'past-history' }] },
    ])
  })

  test('prescriptions inside, by reference and by id; what the document does not hold is left out', () => {
    const section = coded('430', {
      text: { div: '<div>一包化</div>' },
      entry: [{ reference: 'MedicationRequest/m' }, { reference: 'urn:uuid:9' }],
    })
    expect(liftSections(document([section]))).toMatchObject([
      { item: 'prescription', text: '一包化', entries: [{ item: 'prescription' }] },
    ])
  })

  test('sections in sections in sections end somewhere', () => {
    let section: object = coded('300', {})
    for (let depth = 0; depth < 20; depth++) section = coded('300', { section: [section] })
    expect(liftSections(document([section])).length).toBeLessThan(10)
  })
})
