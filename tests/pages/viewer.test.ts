import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { alignAnswersAside } from '../../src/alignment/index.ts'
import { type ViewerModel, viewerPage } from '../../src/pages/index.ts'
import {
  ITEM_CATALOGUE,
  ITEM_CODES,
  ITEMS,
  isShortOf,
  OTHER_REGIONS_LINE,
  SOURCE_STATES,
} from '../../src/vocabulary/index.ts'
import { allergyLineOf, bannerOf, boxOf, tagsOf, textOf, timelineOf } from './read-html.ts'
import {
  MINATO,
  RESOURCE_OF,
  RESOURCES,
  SAGAMINO,
  type SampleSource,
  SHIOKAZE,
  sampleModel,
} from './sample-model.ts'

const page = async (sources: SampleSource[], changes?: Partial<ViewerModel>) =>
  String(await viewerPage(sampleModel(sources, changes)))

const SHORT = (Object.keys(SOURCE_STATES) as (keyof typeof SOURCE_STATES)[]).filter(
  (state) => state !== 'denied' && state !== 'not-linked' && isShortOf(state),
) as SampleSource['state'][]

const whole = (resource: object | string): SampleSource => ({
  region: MINATO,
  state: 'complete',
  resources: [resource],
})

describe.each(ITEM_CODES)('the section of %s', (item) => {
  test('is on record, with the freshest date', async () => {
    const text = textOf(boxOf(await page([whole(RESOURCE_OF[item])]), item))
    expect(text).toContain('記録あり')
    expect(text).toMatch(/最新 \d{4}年\d+月\d+日（(平成|令和)/)
    expect(text).not.toContain('取得できません')
  })

  test('is not recorded where every region answered wholly and holds none', async () => {
    const text = textOf(boxOf(await page([{ region: MINATO, state: 'empty' }]), item))
    expect(text).toContain('記録がありません')
    expect(text).not.toContain('なし')
    expect(text).not.toContain('取得できません')
  })

  test('is neutral where nobody may give it', async () => {
    const text = textOf(boxOf(await page([{ region: MINATO, state: 'empty', items: [] }]), item))
    expect(text).toContain('記録がない、または提供されていません')
  })

  describe.each(SHORT)('while a region is %s', (state) => {
    const silent: SampleSource = { region: SAGAMINO, state }
    test.each([
      ['and nothing was found', [{ region: MINATO, state: 'empty' }, silent]],
      ['and another holds some', [whole(RESOURCE_OF[item]), silent]],
      ['and another says that none is known', [whole(RESOURCES.noKnownAllergy), silent]],
      ['and nobody else answers', [silent, { region: SHIOKAZE, state: 'timeout' }]],
    ] as [string, SampleSource[]][])('%s: 取得できません, and never なし', async (_, sources) => {
      const html = await page(sources)
      const sections = [boxOf(html, item)]
      if (item === 'allergy-drug' || item === 'allergy-other')
        sections.push(allergyLineOf(html, ITEMS[item].ja))
      for (const section of sections) {
        expect(textOf(section)).toContain('取得できません')
        expect(textOf(section)).toContain(SAGAMINO.name)
        expect(textOf(section)).not.toContain('なし')
      }
    })
  })
})

describe('the allergy line', () => {
  const line = async (sources: SampleSource[], name = '薬剤アレルギー等') =>
    textOf(allergyLineOf(await page(sources), name))

  test('names the allergen, the reaction and its danger', async () => {
    const text = await line([whole(RESOURCES.drugAllergy)])
    expect(text).toContain('あり')
    expect(text).toContain('ロキソプロフェンナトリウム水和物')
    expect(text).toContain('全身じん麻疹、呼吸困難（重度）／重篤化のおそれ：高')
  })

  test('of many, what endangers life comes first and what has passed last; the rest is counted', async () => {
    const allergy = (text: string, recordedDate: string, more: object = {}) => ({
      ...RESOURCES.drugAllergy,
      id: text,
      criticality: 'low',
      code: { text },
      recordedDate,
      ...more,
    })
    const passed = { clinicalStatus: { coding: [{ code: 'resolved' }] } }
    const resources = [
      allergy('消失薬', '2026-01-05', passed),
      allergy('軽症薬イ', '2026-01-04'),
      allergy('軽症薬ロ', '2026-01-03'),
      allergy('軽症薬ハ', '2026-01-02'),
      allergy('重篤薬', '2020-01-01', { criticality: 'high' }),
    ]
    const text = await line([{ region: MINATO, state: 'complete', resources }])
    expect(text).toMatch(/重篤薬.*軽症薬イ.*軽症薬ロ.*軽症薬ハ.*ほか1件/)
    expect(text).not.toContain('消失薬')
  })

  test('none known says who recorded that, and when', async () => {
    const text = await line([whole(RESOURCES.noKnownAllergy)])
    expect(text).toContain('なし（確認の記録あり）')
    expect(text).toContain('みなと連携ネット、2025年2月1日（令和7年）の記録による。')
  })

  test('a withdrawn one is no allergy', async () => {
    const refuted = { ...RESOURCES.drugAllergy, verificationStatus: { coding: [{ code: 'refuted' }] } }
    const html = await page([whole(refuted)])
    expect(textOf(allergyLineOf(html, '薬剤アレルギー等'))).toContain('記録がありません')
    expect(textOf(timelineOf(html))).toContain('否定')
  })

  test('not asked is said so', async () => {
    const model = sampleModel([whole(RESOURCES.condition)])
    const html = String(await viewerPage({ ...model, aligned: { ...model.aligned, items: [] } }))
    expect(textOf(allergyLineOf(html, '薬剤アレルギー等'))).toContain('照会していません')
    expect(textOf(boxOf(html, 'condition'))).toContain('照会していません')
  })
})

describe('the banner', () => {
  test('says who this is, in the order of the standard, every id labelled', async () => {
    const text = textOf(bannerOf(await page([whole(RESOURCES.condition)])))
    const order = [
      '氏名',
      'タカハシ フミノ',
      '髙橋 文乃',
      '生年月日',
      '1957年4月3日（昭和32年） 69歳',
      '性別',
      '女性',
      '地域患者ID しおかぜ医療介護ネット',
      'sk-4e81c0b97a',
      '薬剤アレルギー等',
    ]
    expect(order.map((each) => text.indexOf(each))).toEqual(
      order.map((each) => text.indexOf(each)).toSorted((a, b) => a - b),
    )
    expect(order.filter((each) => !text.includes(each))).toEqual([])
  })

  test('unknown is 不明, never blank', async () => {
    const patient: ViewerModel['patient'] = {
      kanji: undefined,
      kana: undefined,
      birthDate: undefined,
      sex: 'unknown',
      deceased: false,
      ids: [],
    }
    const text = textOf(bannerOf(await page([whole(RESOURCES.condition)], { patient })))
    expect(text.match(/不明/g)).toHaveLength(5)
    expect(text).not.toMatch(/undefined|null|NaN/)
  })

  test('death stands under the birth date, the age is that at death', async () => {
    const { patient } = sampleModel([])
    const html = await page([whole(RESOURCES.condition)], { patient: { ...patient, deceased: '2020-04-02' } })
    expect(html).toContain('data-deceased="yes"')
    expect(textOf(bannerOf(html))).toContain('62歳（死亡時）')
    expect(textOf(bannerOf(html))).toContain('死亡 2020年4月2日（令和2年）')
  })

  test.each([
    ['2026-11-22', '生後0日'],
    ['2026-05-23', '0歳5か月'],
    ['1914-01-01', '112歳'],
    ['1957', '約69歳'],
  ])('born %s is %s', async (birthDate, age) => {
    const { patient } = sampleModel([])
    const html = await page([whole(RESOURCES.condition)], { patient: { ...patient, birthDate } })
    expect(textOf(bannerOf(html))).toContain(age)
  })

  test('every printed page repeats when it was fetched and how each region ended', async () => {
    const text = textOf(
      bannerOf(await page([whole(RESOURCES.condition), { region: SAGAMINO, state: 'timeout' }])),
    )
    expect(text).toContain('取得 2026年11月22日（令和8年）14:03')
    expect(text).toContain('みなと連携ネット：取得（1件）／さがみ野つながるネット：応答なし（時間切れ）')
  })
})

describe('the sources', () => {
  test('one chip each, one line for everybody, one sentence on how whole it is', async () => {
    const html = await page([
      whole(RESOURCES.condition),
      { region: SAGAMINO, state: 'timeout' },
      { region: SHIOKAZE, state: 'empty' },
    ])
    expect(html.match(/<li class="chip"/g)).toHaveLength(3)
    expect(textOf(html)).toContain(OTHER_REGIONS_LINE.ja)
    expect(textOf(html)).toContain(
      '3地域中2地域の情報です。さがみ野つながるネットは応答なし（時間切れ）のため、取得できません。',
    )
    expect(html).toContain('再取得')
  })

  test('all answered: said so, with nothing to ask again', async () => {
    const html = await page([whole(RESOURCES.condition), { region: SHIOKAZE, state: 'empty' }])
    expect(textOf(html)).toContain('照会した2地域すべての情報です。')
    expect(html).not.toContain('再取得')
  })

  test('a source that gave nothing shows no time of receiving', async () => {
    const html = await page([{ region: SAGAMINO, state: 'unreachable' }])
    expect(html.match(/<li class="chip"[\s\S]*?<\/li>/)?.[0]).not.toContain('<time')
  })
})

describe('the timeline', () => {
  test('newest first, each with institution, number, region, time and receipt', async () => {
    const html = timelineOf(
      await page([whole(RESOURCES.condition), { ...whole(RESOURCES.prescription), region: SHIOKAZE }]),
    )
    const text = textOf(html)
    expect(text.indexOf('ロキソニン錠６０ｍｇ')).toBeLessThan(text.indexOf('高血圧症'))
    expect(text).toContain('みなと中央病院')
    expect(text).toContain('機関番号 1419900011｜みなと連携ネット')
    expect(text).toContain('しおかぜ総合病院 自施設')
    expect(text).toContain('受信 14:03:12 受領証 kQ3v-Wm9…')
  })

  test('the digits of a result are those that were sent', async () => {
    expect(textOf(timelineOf(await page([whole(RESOURCES.potassium)])))).toContain(
      'カリウム 7.10 mmol/L 高値基準 3.60～4.80 mmol/L',
    )
  })

  test('the same from two regions is one row that names both', async () => {
    const html = timelineOf(
      await page([whole(RESOURCES.prescription), { ...whole(RESOURCES.prescription), region: SHIOKAZE }]),
    )
    expect(html.match(/<tr data-standing/g)).toHaveLength(1)
    expect(textOf(html)).toContain('2地域に同じ記録')
    expect(textOf(html)).toContain(MINATO.name)
    expect(textOf(html)).toContain(SHIOKAZE.name)
  })

  test('未告知 is marked wherever the entry is named', async () => {
    const html = await page([whole(RESOURCES.suspected)])
    expect(textOf(timelineOf(html))).toContain('本人に未告知')
    expect(textOf(boxOf(html, 'condition'))).toContain('本人に未告知')
  })

  test('what cannot be shown is counted', async () => {
    const html = await page([
      { region: MINATO, state: 'complete', resources: [{ resourceType: 'Immunization', id: 'x' }] },
    ])
    expect(textOf(html)).toContain('みなと連携ネット：表示できない項目 1件')
  })

  test('2,000 rows stay within a page; more are counted', async () => {
    const resources = Array.from({ length: 2_100 }, (_, at) => ({ ...RESOURCES.condition, id: `c${at}` }))
    const started = performance.now()
    const html = await page([{ region: MINATO, state: 'complete', resources }])
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(html.match(/<tr data-standing/g)).toHaveLength(2_000)
    expect(textOf(html)).toContain('それより前の1800件を表示')
    expect(textOf(html)).toContain('古い記録100件は表示していません')
  })
})

test('no name, id or date of birth in the title, in a link or in the address of a form', async () => {
  const html = await page([whole(RESOURCES.condition), { region: SAGAMINO, state: 'timeout' }])
  const addresses = tagsOf(html)
    .filter((tag) => /(href|action|src)=/.test(tag))
    .join('\n')
  for (const secret of ['髙橋', 'タカハシ', 'sk-4e81c0b97a', '1957']) {
    expect(addresses).not.toContain(secret)
    expect(html.match(/<title>.*<\/title>/)?.[0]).not.toContain(secret)
  }
})

test('says before anything else that the asker’s own region is not in it', async () => {
  const html = await page([whole(RESOURCES.condition)])
  const line = `${sampleModel([]).asker.regionName}（自地域）の記録は含みません。`
  const text = textOf(html)
  expect(text).toContain(line)
  expect(text).toContain('他の地域の診療・介護情報')
  expect(html.indexOf('class="own-region"')).toBeGreaterThan(html.indexOf('<main'))
  expect(html).not.toContain('<h1 class="visually-hidden"')
})

describe('items beyond the national set', () => {
  const folds = (html: string) =>
    (html.match(/<details class="folded-items"><summary>[\s\S]*?<\/summary>/g) ?? []).map(textOf)
  const BEYOND = ITEM_CODES.filter((item) => !ITEMS[item].national)

  test('stand under the guideline’s three groups, what is on record before the fold', async () => {
    const html = await page([whole(RESOURCES.careLevel)])
    expect(html.match(/<h3 class="group-title">[^<]*/g)?.map(textOf)).toEqual([
      '６情報',
      '３文書',
      '基本情報',
      'その他の医療情報',
      '介護情報',
    ])
    expect(html.indexOf('data-item="care-level"')).toBeLessThan(html.indexOf('<details class="folded-items"'))
  })

  test('what has nothing on record is folded under a line that counts it', async () => {
    const html = await page([whole(RESOURCES.careLevel)])
    const counts = folds(html).map((line) => Number(/(\d+)項目：記録がありません$/.exec(line)?.[1]))
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(BEYOND.length - 1)
    expect(folds(html).filter((line) => line.startsWith('ほか'))).toHaveLength(1)
    for (const item of BEYOND) expect(boxOf(html, item)).toContain('data-status')
  })

  test('nothing unobtainable hides in a fold as something empty', async () => {
    const sources: SampleSource[] = [whole(RESOURCES.careLevel), { region: SAGAMINO, state: 'timeout' }]
    const lines = folds(await page(sources))
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line).toMatch(/\d+項目：取得できません$/)
    for (const line of lines) expect(line).not.toContain('なし')
  })

  test('what was permitted to nobody, or not asked for, is told apart from what is not recorded', async () => {
    const model = sampleModel([{ region: MINATO, state: 'empty', items: ['meals'] }])
    const items = model.aligned.items.filter(({ item }) => item !== 'iadl')
    const html = String(await viewerPage({ ...model, aligned: { ...model.aligned, items } }))
    const inGroup = ITEM_CODES.filter((item) => ITEM_CATALOGUE[item].group === 'care').length
    expect(folds(html).at(-1)).toBe(
      `${inGroup}項目：記録がない、または提供されていません ${inGroup - 2}、記録がありません 1、照会していません 1`,
    )
  })

  test('nothing is folded where everything is on record', async () => {
    const resources = ITEM_CODES.map((item) => RESOURCE_OF[item])
    const html = await page([{ region: MINATO, state: 'complete', resources }])
    expect(folds(html)).toEqual([])
    expect(html.match(/data-status="recorded"/g)?.length).toBeGreaterThanOrEqual(ITEM_CODES.length)
  })
})

describe('how far a record fits the national set', () => {
  const subject = { reference: 'Patient/p' }
  const judged = async (...resources: (object | string)[]) => {
    const model = sampleModel([])
    const source = {
      region: MINATO,
      state: 'complete' as const,
      resources: resources.map((each) => ({ text: typeof each === 'string' ? each : JSON.stringify(each) })),
    }
    const aligned = await alignAnswersAside([source], ITEM_CODES, { isJudged: true })
    return String(await viewerPage({ ...model, aligned }))
  }

  test('is said in words at each record of a national item, with what the words mean', async () => {
    const text = textOf(timelineOf(await judged({ ...RESOURCES.condition, subject })))
    expect(text).toContain('国の形式：閲覧のみ')
    expect(text).toContain('適合＝そのままで国の形式に合う。')
  })

  test('names the map by which a code would be converted', async () => {
    const file = new URL(
      '../../fixtures/alignment/corpus/allergy-drug/convertible-oid-era.json',
      import.meta.url,
    )
    const { resource } = JSON.parse(readFileSync(file, 'utf8'))
    expect(textOf(timelineOf(await judged(resource)))).toContain(
      '国の形式：変換可能（変換：OIDの読替え、YJから成分、要素の補完）',
    )
  })

  test('counts the rules that a record breaks', async () => {
    const broken = {
      ...{ ...RESOURCES.condition, subject },
      meta: { profile: ['http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Condition_eCS'] },
    }
    expect(textOf(timelineOf(await judged(broken)))).toMatch(/国の形式：不適合（規則\d+件）/)
  })

  test('is not said of an item that has no national form, nor where nothing was judged', async () => {
    expect(textOf(timelineOf(await judged(RESOURCES.careLevel)))).not.toContain('国の形式：')
    expect(textOf(timelineOf(await page([whole(RESOURCES.condition)])))).not.toContain('国の形式：')
  })
})
