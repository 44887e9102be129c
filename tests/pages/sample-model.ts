import { type AlignedSource, alignAnswers, type Fit } from '../../src/alignment/index.ts'
import type { ViewerModel } from '../../src/pages/index.ts'
import { ITEM_CODES, ITEMS, type Item, type PublicSourceState, SYSTEMS } from '../../src/vocabulary/index.ts'

export const MINATO = { id: 'minato', name: 'みなと連携ネット' }
export const SAGAMINO = { id: 'sagamino', name: 'さがみ野つながるネット' }
export const SHIOKAZE = { id: 'shiokaze', name: 'しおかぜ医療介護ネット' }

/** A source and what it holds, as resources or as their exact texts. */
export interface SampleSource {
  region: { id: string; name: string }
  state: PublicSourceState
  items?: readonly Item[]
  resources?: (object | string)[]
}

export const NOW = new Date('2026-11-22T05:03:12Z')

/** A viewer's model with fictional people, over whatever the sources hold; judged where a judge is given. */
export function sampleModel(
  sources: SampleSource[],
  changes: Partial<ViewerModel> = {},
  judge?: (text: string) => Fit | undefined,
): ViewerModel {
  const answered: AlignedSource[] = sources.map(({ region, state, items, resources }) => ({
    region,
    state,
    items: items ?? ITEM_CODES,
    resources: (resources ?? []).map((each) => {
      const text = typeof each === 'string' ? each : JSON.stringify(each)
      return { text, fit: judge?.(text) }
    }),
  }))
  return {
    patient: {
      kanji: '髙橋 文乃',
      kana: 'タカハシ フミノ',
      birthDate: '1957-04-03',
      sex: 'female',
      deceased: false,
      ids: [{ label: 'しおかぜ医療介護ネット', value: 'sk-4e81c0b97a' }],
    },
    asker: {
      regionName: SHIOKAZE.name,
      institutionName: 'しおかぜ総合病院',
      institutionNumber: '1419900029',
      userName: '架空 太陽',
      profession: 'physician',
      purpose: 'TREAT',
    },
    fetchedAt: NOW,
    sources: sources.map(({ region, state, resources }, at) => ({
      region,
      state,
      count: resources?.length ?? 0,
      answeredAt: NOW,
      elapsedMs: 300 + at * 250,
      receipt:
        state === 'timeout' || state === 'unreachable'
          ? undefined
          : `${'kQ3v-Wm9xT0'.repeat(4)}`.slice(0, 43),
    })),
    aligned: alignAnswers(answered, ITEM_CODES),
    institutions: new Map([
      ['1419900011', 'みなと中央病院'],
      ['1419900029', 'しおかぜ総合病院'],
    ]),
    receipt: 'h8Zt2bYx5Ls'.repeat(4).slice(0, 43),
    reference: '7f3c1a90b2d4',
    again: { action: '/viewer', fields: { patient: 'opaque-handle' } },
    close: { action: '/viewer/close', fields: { patient: 'opaque-handle' } },
    ...changes,
  }
}

const category = (code: string) => [{ coding: [{ system: SYSTEMS.observationCategory, code }] }]
const at = (institution: string, flag?: string) => ({
  extension: [
    {
      url: SYSTEMS.institutionNumberExtension,
      valueIdentifier: { system: SYSTEMS.institutionNumber, value: institution },
    },
  ],
  ...(flag === undefined ? {} : { meta: { tag: [{ system: SYSTEMS.nationalFlag, code: flag }] } }),
})

/** One resource of each kind, worded as the regions word them. */
export const RESOURCES = {
  drugAllergy: {
    resourceType: 'AllergyIntolerance',
    id: 'a1',
    ...at('1419900011'),
    category: ['medication'],
    criticality: 'high',
    code: { text: 'ロキソプロフェンナトリウム水和物' },
    reaction: [{ manifestation: [{ text: '全身じん麻疹、呼吸困難' }], severity: 'severe' }],
    recordedDate: '2024-05-16',
  },
  foodAllergy: {
    resourceType: 'AllergyIntolerance',
    id: 'a2',
    ...at('1419900011'),
    category: ['food'],
    code: { text: 'そば' },
    reaction: [{ manifestation: [{ text: '発疹' }] }],
    recordedDate: '2019-04-30',
  },
  noKnownAllergy: {
    resourceType: 'AllergyIntolerance',
    id: 'a3',
    ...at('1419900011'),
    code: { coding: [{ system: 'http://snomed.info/sct', code: '716186003' }], text: '既知のアレルギーなし' },
    recordedDate: '2025-02-01',
  },
  condition: {
    resourceType: 'Condition',
    id: 'c1',
    ...at('1419900011'),
    code: { text: '高血圧症' },
    onsetDateTime: '2018-06-10',
  },
  suspected: {
    resourceType: 'Condition',
    id: 'c2',
    ...at('1419900029', 'UNINFORMED'),
    code: { text: '胃癌の疑い' },
    verificationStatus: { coding: [{ code: 'unconfirmed' }] },
    onsetDateTime: '2026-11-02',
  },
  infection: {
    resourceType: 'Observation',
    id: 'i1',
    ...at('1419900011'),
    status: 'final',
    category: category('laboratory'),
    code: {
      coding: [{ system: SYSTEMS.infectionLaboratory[0], code: '5F016141001819011' }],
      text: 'HBs抗原',
    },
    effectiveDateTime: '2026-08-20T09:30:00+09:00',
    valueCodeableConcept: {
      coding: [{ system: 'http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_PosNegHold_CS', code: '1' }],
      text: '陽性',
    },
  },
  /** As text, because JSON.stringify would lose the last digit of 7.10. */
  potassium: `{"resourceType":"Observation","id":"l1","extension":${JSON.stringify(at('1419900011').extension)},"status":"final","category":${JSON.stringify(category('laboratory'))},"code":{"text":"カリウム"},"effectiveDateTime":"2026-08-20T09:30:00+09:00","valueQuantity":{"value":7.10,"unit":"mmol/L"},"interpretation":[{"coding":[{"code":"H"}]}],"referenceRange":[{"low":{"value":3.60,"unit":"mmol/L"},"high":{"value":4.80,"unit":"mmol/L"}}]}`,
  prescription: {
    resourceType: 'MedicationRequest',
    id: 'm1',
    ...at('1419900029'),
    status: 'completed',
    intent: 'order',
    medicationCodeableConcept: {
      coding: [{ system: 'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code', code: '1149019F1560' }],
      text: 'ロキソニン錠６０ｍｇ',
    },
    authoredOn: '2026-11-15T11:20:00+09:00',
    dosageInstruction: [{ text: '内服・経口・１日３回朝昼夕食後' }],
    dispenseRequest: { expectedSupplyDuration: { value: 7, unit: '日' } },
  },
  referral: {
    resourceType: 'DocumentReference',
    id: 'd1',
    ...at('1419900011'),
    status: 'current',
    type: { coding: [{ system: SYSTEMS.documentType, code: '57133-1' }], text: '診療情報提供書' },
    date: '2026-10-07T16:45:00+09:00',
    description: 'みなと内科クリニックからみなと中央病院への紹介',
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: Buffer.from('平素より大変お世話になっております。\n精査をお願い申し上げます。').toString(
            'base64',
          ),
        },
      },
    ],
  },
  dischargeSummary: {
    resourceType: 'DocumentReference',
    id: 'd2',
    ...at('1419900011'),
    status: 'current',
    type: { coding: [{ system: SYSTEMS.documentType, code: '18842-5' }], text: '退院時サマリー' },
    date: '2025-12-01T10:00:00+09:00',
  },
  checkup: {
    resourceType: 'DocumentReference',
    id: 'd3',
    ...at('1419900011'),
    status: 'current',
    type: { coding: [{ system: SYSTEMS.documentType, code: '53576-5' }], text: '健診結果報告書' },
    date: '2026-06-12',
  },
  careLevel: {
    resourceType: 'Observation',
    id: 'n1',
    status: 'final',
    category: category('functional-status'),
    code: { coding: [{ system: SYSTEMS.careLevel, code: 'care-level' }], text: '要介護度' },
    effectiveDateTime: '2026-04-01T00:00:00+09:00',
    valueCodeableConcept: { text: '要介護2' },
  },
  pressure: {
    resourceType: 'Observation',
    id: 'v1',
    status: 'final',
    category: category('vital-signs'),
    code: { text: '血圧' },
    effectiveDateTime: '2026-11-18T14:10:00+09:00',
    component: [
      { code: { text: '収縮期血圧' }, valueQuantity: { value: 142, unit: 'mmHg' } },
      { code: { text: '拡張期血圧' }, valueQuantity: { value: 84, unit: 'mmHg' } },
    ],
  },
} as const

/** Which resource above is on record for which item. */
export const RESOURCE_OF = {
  ...markedResources(),
  'allergy-drug': RESOURCES.drugAllergy,
  'allergy-other': RESOURCES.foodAllergy,
  condition: RESOURCES.condition,
  infection: RESOURCES.infection,
  laboratory: RESOURCES.potassium,
  prescription: RESOURCES.prescription,
  referral: RESOURCES.referral,
  'discharge-summary': RESOURCES.dischargeSummary,
  checkup: RESOURCES.checkup,
  'care-level': RESOURCES.careLevel,
  'home-vitals': RESOURCES.pressure,
} as Record<Item, object | string>

/** What is known by the project's own code: one resource for each item, of the type that is asked first. */
function markedResources(): Partial<Record<Item, object>> {
  return Object.fromEntries(ITEM_CODES.map((item) => [item, markedResource(item)]))
}

export function markedResource(item: Item, id = `own-${item}`): object {
  const [resourceType = ''] = ITEMS[item].types
  const own = { coding: [{ system: SYSTEMS.item, code: item }], text: ITEMS[item].ja }
  const on = { effectiveDateTime: '2026-05-01', date: '2026-05-01', recordedDate: '2026-05-01' }
  const words = { text: ITEMS[item].ja }
  const marked =
    resourceType === 'DocumentReference'
      ? { type: own }
      : resourceType === 'AllergyIntolerance' || resourceType === 'Observation'
        ? { code: own }
        : { category: [own], code: words, medicationCodeableConcept: words }
  return { resourceType, id, ...at('1419900011'), ...marked, ...on, authoredOn: '2026-05-01' }
}
