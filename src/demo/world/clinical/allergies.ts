import type { AllergyIntolerance, Coding } from 'fhir/r4.js'
import { dayAgo } from '../days.ts'
import { ALLERGENS, type AllergenKey } from './allergens.ts'
import { type Chart, stamp } from './chart.ts'
import { CODES, PROFILES } from './systems.ts'

const KINDS = {
  ingredient: { system: CODES.allergenIngredient, category: 'medication' },
  product: { system: CODES.allergenDrug, category: 'medication' },
  food: { system: CODES.allergenFood, category: 'food' },
  other: { system: CODES.allergenOther, category: 'environment' },
} as const

/** None at all where nobody asked; one that says so where somebody asked and none is known. */
export function allergiesIn(chart: Chart): AllergyIntolerance[] {
  const { allergies } = chart.plan
  if (allergies === 'unrecorded') return []
  if (allergies === 'none-known') return [noneKnown(chart)]
  return allergies.map((key) => allergyTo(chart, key))
}

function allergyTo(chart: Chart, key: AllergenKey): AllergyIntolerance {
  const { kind, code, name, reaction } = ALLERGENS[key]
  const { system, category } = KINDS[kind]
  return {
    ...recorded(chart, chart.random.between(60, 1500), { system, code, display: name }, name),
    type: 'allergy',
    category: [category],
    criticality: category === 'medication' ? 'high' : 'low',
    reaction: [
      { manifestation: [{ text: reaction }], severity: reaction.includes('呼吸') ? 'severe' : 'moderate' },
    ],
  }
}

/** FHIR R4's way to say it, in SNOMED CT; J-FAGY has no code for it. */
function noneKnown(chart: Chart): AllergyIntolerance {
  const coding = { system: CODES.snomed, code: '716186003', display: 'No known allergy' }
  return recorded(chart, chart.random.between(30, 700), coding, '既知のアレルギーなし')
}

function recorded(chart: Chart, daysAgo: number, coding: Coding, text: string): AllergyIntolerance {
  return {
    resourceType: 'AllergyIntolerance',
    ...stamp(chart, PROFILES.allergy, chart.hospital, daysAgo),
    clinicalStatus: status('allergyintolerance-clinical', 'active'),
    verificationStatus: status('allergyintolerance-verification', 'confirmed'),
    code: { coding: [coding], text },
    patient: chart.subject,
    recordedDate: dayAgo(chart.today, daysAgo),
  }
}

function status(table: string, code: string) {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${table}`, code }] }
}
