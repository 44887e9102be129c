import type { CodeableConcept, Condition, DocumentReference, FhirResource, Observation } from 'fhir/r4.js'
import { ITEMS, type Item, SYSTEMS } from '../../../vocabulary/index.ts'
import { exactNumber } from '../../exact-json.ts'
import { dayAgo, momentAgo } from '../days.ts'
import type { DemoInstitution } from '../institutions.ts'
import { type Chart, stamp } from './chart.ts'
import { CODES, PROFILES } from './systems.ts'

/** What a region has on record beyond the national set. */
export type BeyondKind = 'body' | 'history' | 'hospital' | 'care'

/** 基本・医療・介護情報 of the guideline's list (§3-3): by LOINC where that has a code, else by the project's own. */
export function beyondIn(chart: Chart): FhirResource[] {
  return chart.plan.beyond.flatMap((kind) => WRITERS[kind](chart))
}

const WRITERS: Record<BeyondKind, (chart: Chart) => FhirResource[]> = {
  body: bodyIn,
  history: historyIn,
  hospital: hospitalIn,
  care: careIn,
}

function bodyIn(chart: Chart): FhirResource[] {
  const daysAgo = chart.random.between(5, 200)
  const measured = (code: string, text: string, unit: string, value: string): Observation => ({
    ...observed(chart, chart.clinic, daysAgo),
    category: [{ coding: [{ system: SYSTEMS.observationCategory, code: 'body-measurement' }] }],
    code: { coding: [{ system: CODES.loinc, code, display: text }], text },
    valueQuantity: { value: exactNumber(value), unit, system: CODES.ucum, code: unit },
  })
  return [
    measured('8302-2', '身長', 'cm', `${chart.random.between(145, 175)}.0`),
    measured('29463-7', '体重', 'kg', `${chart.random.between(42, 78)}.5`),
  ]
}

const PAST = ['虫垂炎（手術）', '肺炎（入院）', '大腿骨頸部骨折', '白内障（手術）'] as const

function historyIn(chart: Chart): FhirResource[] {
  const daysAgo = chart.random.between(2_600, 9_000)
  const condition: Condition = {
    resourceType: 'Condition',
    ...stamp(chart, PROFILES.beyond, chart.hospital, 400),
    category: [own('past-history')],
    code: { text: chart.random.pick(PAST) },
    subject: chart.subject,
    onsetDateTime: dayAgo(chart.today, daysAgo).slice(0, 4),
  }
  return [condition]
}

/** A stay for an operation: what was done, looked at, given and eaten, and what went wrong. */
function hospitalIn(chart: Chart): FhirResource[] {
  const { hospital, subject, today } = chart
  const days = chart.random.between(120, 900)
  const at = momentAgo(today, days)
  const stamped = () => stamp(chart, PROFILES.beyond, hospital, days)
  const { identifier, ...reaction } = stamped()
  const contrast = { text: 'ヨード造影剤' }
  return [
    {
      resourceType: 'Procedure',
      ...stamped(),
      status: 'completed',
      category: { coding: [{ system: CODES.snomed, code: '387713003', display: 'Surgical procedure' }] },
      code: { text: '腹腔鏡下胆嚢摘出術' },
      subject,
      performedDateTime: at,
    },
    {
      resourceType: 'MedicationAdministration',
      ...stamped(),
      status: 'completed',
      medicationCodeableConcept: { text: 'セファゾリンナトリウム注射用１ｇ' },
      subject,
      effectiveDateTime: at,
    },
    {
      resourceType: 'ImagingStudy',
      ...stamped(),
      status: 'available',
      subject,
      started: at,
      description: '腹部造影CT',
      numberOfInstances: 240,
    },
    {
      resourceType: 'DiagnosticReport',
      ...stamped(),
      status: 'final',
      category: [{ coding: [{ system: CODES.loinc, code: 'LP29684-5', display: 'Radiology' }] }],
      code: { text: '腹部造影CT 読影' },
      subject,
      effectiveDateTime: at,
      conclusion: '胆嚢結石。胆管の拡張なし。',
    },
    {
      resourceType: 'AdverseEvent',
      ...reaction,
      ...(identifier[0] === undefined ? {} : { identifier: identifier[0] }),
      actuality: 'actual',
      event: { text: '造影剤投与後の発疹' },
      subject,
      date: at,
    },
    {
      resourceType: 'Flag',
      ...stamped(),
      status: 'active',
      category: [own('contraindicated-drug')],
      code: contrast,
      subject,
      period: { start: at },
    },
    {
      resourceType: 'NutritionOrder',
      ...stamped(),
      status: 'completed',
      intent: 'order',
      patient: subject,
      dateTime: at,
      oralDiet: { type: [{ text: '脂質制限食' }] },
    },
  ]
}

function careIn(chart: Chart): FhirResource[] {
  const score = String(chart.random.between(8, 19) * 5)
  return [
    {
      ...observed(chart, chart.careProvider, chart.random.between(20, 90)),
      code: {
        coding: [{ system: CODES.loinc, code: '96761-2', display: 'Barthel index total score' }],
        text: 'バーセルインデックス（合計）',
      },
      valueQuantity: { value: exactNumber(score), unit: '点', system: CODES.ucum, code: '{score}' },
    },
    told(chart, 'meals', '主食10割、副食8割。むせ込みなし'),
    told(chart, 'oral-care', '義歯あり。毎食後に介助で清掃'),
    written(chart, chart.nurses, 'visiting-nurse-record', '体調に変わりなし。服薬は声かけでできている。'),
    written(chart, chart.careProvider, 'care-record', '入浴は一部介助。歩行器で居間まで移動。'),
    {
      resourceType: 'CarePlan',
      ...stamp(chart, PROFILES.beyond, chart.careProvider, 100),
      status: 'active',
      intent: 'plan',
      title: '居宅サービス計画書',
      description: '訪問看護 週1回、通所介護 週2回。転倒を防ぎ、入浴を続ける。',
      subject: chart.subject,
      period: { start: dayAgo(chart.today, 100) },
    },
    {
      resourceType: 'RelatedPerson',
      ...stamp(chart, PROFILES.beyond, chart.careProvider, 100),
      active: true,
      patient: chart.subject,
      relationship: [{ text: '長女（同居・主介護者）' }],
    },
    {
      resourceType: 'Media',
      ...stamp(chart, PROFILES.beyond, chart.nurses, 9),
      status: 'completed',
      type: { text: '写真' },
      subject: chart.subject,
      createdDateTime: momentAgo(chart.today, 9),
      content: { contentType: 'image/jpeg', title: '右下腿の創（画像は地域で参照）' },
      note: [{ text: '右下腿の創。前回より縮小' }],
    },
    written(chart, chart.careProvider, 'face-sheet', '長女と同居。日中は一人。緊急連絡先は長女。'),
  ]
}

function told(chart: Chart, item: Item, value: string): Observation {
  return {
    ...observed(chart, chart.careProvider, chart.random.between(1, 14)),
    category: [own(item)],
    code: own(item),
    valueString: value,
  }
}

function written(chart: Chart, by: DemoInstitution, item: Item, words: string): DocumentReference {
  const daysAgo = chart.random.between(2, 60)
  const at = momentAgo(chart.today, daysAgo, '17:30:00')
  const data = Buffer.from(`${ITEMS[item].ja}（架空のデータです）\n${words}`, 'utf8').toString('base64')
  return {
    resourceType: 'DocumentReference',
    ...stamp(chart, PROFILES.beyond, by, daysAgo),
    status: 'current',
    type: own(item),
    subject: chart.subject,
    date: at,
    author: [{ display: by.name }],
    custodian: { display: by.name },
    content: [
      { attachment: { contentType: 'text/plain; charset=utf-8', language: 'ja', creation: at, data } },
    ],
  }
}

function observed(chart: Chart, by: DemoInstitution, daysAgo: number): Omit<Observation, 'code'> {
  return {
    resourceType: 'Observation',
    ...stamp(chart, PROFILES.beyond, by, daysAgo),
    status: 'final',
    subject: chart.subject,
    effectiveDateTime: momentAgo(chart.today, daysAgo),
    performer: [{ display: by.name }],
  }
}

/** The project's own code for an item. */
function own(item: Item): CodeableConcept {
  const display = ITEMS[item].ja
  return { coding: [{ system: SYSTEMS.item, code: item, display }], text: display }
}
