import type { Observation } from 'fhir/r4.js'
import { SYSTEMS } from '../../../vocabulary/index.ts'
import { exactNumber } from '../../exact-json.ts'
import { momentAgo } from '../days.ts'
import { CARE_LEVELS } from './care-levels.ts'
import { type Chart, stamp } from './chart.ts'
import { CODES, PROFILES } from './systems.ts'

/** 要介護度, as the care manager's office knows it. No national profile exists: the codes are the ministry's. */
export function careLevelIn(chart: Chart): Observation[] {
  const { careLevel } = chart.plan
  if (careLevel === undefined) return []
  const daysAgo = chart.random.between(30, 360)
  const display = CARE_LEVELS[careLevel]
  return [
    {
      resourceType: 'Observation',
      ...stamp(chart, PROFILES.careLevel, chart.careProvider, daysAgo),
      status: 'final',
      category: [
        {
          coding: [
            { system: SYSTEMS.observationCategory, code: 'functional-status', display: 'Functional Status' },
          ],
        },
      ],
      code: {
        coding: [{ system: SYSTEMS.careLevel, code: 'care-level', display: '要介護状態区分' }],
        text: '要介護度',
      },
      subject: chart.subject,
      effectiveDateTime: momentAgo(chart.today, daysAgo),
      performer: [{ display: chart.careProvider.name }],
      valueCodeableConcept: {
        coding: [{ system: SYSTEMS.careLevel, code: careLevel, display }],
        text: display,
      },
    },
  ]
}

interface Vital {
  category: string
  categoryName: string
  code: string
  text: string
  unit: string
  ucum: string
}

const PULSE: Vital = {
  category: 'pulse-rate',
  categoryName: '脈拍数',
  code: '31001390',
  text: '脈拍数',
  unit: '回/分',
  ucum: '/min',
}
const TEMPERATURE: Vital = {
  category: 'temperature',
  categoryName: '体温',
  code: '31001368',
  text: '体温',
  unit: '℃',
  ucum: 'Cel',
}
const SATURATION: Vital = {
  category: 'respiratory-function',
  categoryName: '呼吸機能',
  code: '31000001',
  text: '経皮的動脈血酸素飽和度（ＳＰＯ２）',
  unit: '%',
  ucum: '%',
}
const PRESSURE: Vital = {
  category: 'blood-pressure',
  categoryName: '血圧',
  code: '31002365',
  text: '血圧',
  unit: 'mmHg',
  ucum: 'mm[Hg]',
}

/** 在宅バイタル: what a visiting nurse writes down at each visit. */
export function homeVitalsIn(chart: Chart): Observation[] {
  const { random } = chart
  return Array.from({ length: chart.plan.vitalsTaken }, (_, at) => 3 + at * 7).flatMap((daysAgo) => [
    bloodPressure(chart, daysAgo),
    { ...vital(chart, PULSE, daysAgo), valueQuantity: amount(PULSE, String(random.between(58, 92))) },
    {
      ...vital(chart, TEMPERATURE, daysAgo),
      valueQuantity: amount(TEMPERATURE, `36.${random.between(0, 9)}`),
    },
    {
      ...vital(chart, SATURATION, daysAgo),
      valueQuantity: amount(SATURATION, String(random.between(94, 99))),
    },
  ])
}

function bloodPressure(chart: Chart, daysAgo: number): Observation {
  const { random } = chart
  const part = (code: string, display: string, value: number) => ({
    code: { coding: [{ system: CODES.nursingObservation, code, display }], text: display },
    valueQuantity: amount(PRESSURE, String(value)),
  })
  return {
    ...vital(chart, PRESSURE, daysAgo),
    component: [
      part('31001848', '収縮期血圧', random.between(108, 158)),
      part('31001849', '拡張期血圧', random.between(58, 92)),
    ],
  }
}

function vital(chart: Chart, { category, categoryName, code, text }: Vital, daysAgo: number): Observation {
  return {
    resourceType: 'Observation',
    ...stamp(chart, PROFILES.vitalSigns, chart.nurses, daysAgo),
    status: 'final',
    category: [
      { coding: [{ system: SYSTEMS.observationCategory, code: 'vital-signs', display: 'Vital Signs' }] },
      { coding: [{ system: CODES.vitalCategory, code: category, display: categoryName }] },
    ],
    code: { coding: [{ system: CODES.nursingObservation, code, display: text }], text },
    subject: chart.subject,
    effectiveDateTime: momentAgo(chart.today, daysAgo, '14:10:00'),
    performer: [{ display: chart.nurses.name }],
  }
}

function amount({ unit, ucum }: Vital, value: string) {
  return { value: exactNumber(value), unit, system: CODES.ucum, code: ucum }
}
