import type { RegionId } from '../regions.ts'
import type { StoryRole } from '../story.ts'
import type { ChartPlan } from './plan.ts'

const BLANK: ChartPlan = {
  allergies: 'unrecorded',
  conditions: [],
  drugs: [],
  laboratory: [],
  infections: [],
  careLevel: undefined,
  vitalsTaken: 0,
  results: {},
  beyond: [],
}

/** What each region knows of the residents whom the demonstration follows. */
const PLANS: Record<StoryRole, Partial<Record<RegionId, Partial<ChartPlan>>>> = {
  allergyElsewhere: {
    minato: {
      allergies: ['loxoprofen', 'mackerel'],
      conditions: [
        { disease: 'hypertension', state: 'active' },
        { disease: 'diabetes', state: 'active' },
      ],
      drugs: ['amlodipine', 'metformin'],
      laboratory: ['hba1c', 'potassium', 'creatinine'],
      results: { hba1c: '7.10', potassium: '4.10' },
      infections: ['hepatitisB', 'hepatitisC'],
      beyond: ['body', 'history', 'hospital', 'care'],
    },
    shiokaze: {
      conditions: [{ disease: 'kneeArthrosis', state: 'active' }],
      drugs: ['loxoprofen'],
      laboratory: ['crp'],
      careLevel: '13',
      vitalsTaken: 2,
    },
  },
  treatedElsewhere: {
    sagamino: {
      allergies: ['povidoneIodine'],
      conditions: [
        { disease: 'angina', state: 'active' },
        { disease: 'fibrillation', state: 'suspected' },
      ],
      drugs: ['aspirin', 'nitroglycerin'],
      laboratory: ['ldl', 'haemoglobin', 'creatinine'],
      infections: ['syphilis'],
    },
  },
  withoutConsent: {
    minato: {
      allergies: ['coAmoxiclav'],
      conditions: [{ disease: 'ulcer', state: 'active' }],
      laboratory: ['haemoglobin'],
    },
    sagamino: {
      conditions: [{ disease: 'dyslipidaemia', state: 'active' }],
      drugs: ['rosuvastatin'],
      laboratory: ['ldl'],
    },
  },
  everywhere: {
    minato: {
      allergies: 'none-known',
      conditions: [{ disease: 'hypertension', state: 'active' }],
      drugs: ['amlodipine'],
      laboratory: ['potassium'],
    },
    sagamino: {
      allergies: ['cedar'],
      conditions: [
        { disease: 'heartFailure', state: 'active' },
        { disease: 'depression', state: 'active', flag: 'UNDELIVERED' },
      ],
      drugs: ['apixaban'],
      laboratory: ['bnp', 'potassium'],
      careLevel: '23',
      vitalsTaken: 3,
      beyond: ['body', 'care'],
    },
    shiokaze: {
      conditions: [{ disease: 'stomachCancer', state: 'active', flag: 'UNINFORMED' }],
      laboratory: ['haemoglobin', 'alt'],
    },
  },
  protectedPerson: {
    minato: {
      allergies: ['latex'],
      conditions: [{ disease: 'insomnia', state: 'active' }],
      drugs: ['sleepMixture'],
    },
    shiokaze: {
      conditions: [{ disease: 'bronchitis', state: 'resolved' }],
      drugs: ['coughMixture'],
      laboratory: ['crp'],
    },
  },
}

export function storyPlanOf(role: StoryRole, region: RegionId): ChartPlan {
  return { ...BLANK, ...PLANS[role][region] }
}
