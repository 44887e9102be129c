import { type Random, randomOf } from '../random.ts'
import type { DemoRegistration } from '../registrations.ts'
import { isElder, type Resident } from '../residents.ts'
import { STORY, storyRoleOf } from '../story.ts'
import { ALLERGENS, type AllergenKey } from './allergens.ts'
import type { BeyondKind } from './beyond.ts'
import { CARE_LEVELS, type CareLevel } from './care-levels.ts'
import { DISEASES, type DiseaseKey } from './diseases.ts'
import type { DrugKey } from './drugs.ts'
import { INFECTIONS, type InfectionKey, type LaboratoryKey } from './laboratory-items.ts'
import { storyPlanOf } from './story-plan.ts'

/** National flags a Condition may carry: not told to the patient yet; given to nobody. */
export type Flag = 'UNINFORMED' | 'UNDELIVERED'

export interface PlannedCondition {
  disease: DiseaseKey
  state: 'active' | 'resolved' | 'suspected'
  flag?: Flag
}

/** What one region has on record about a resident, before it is written as FHIR. */
export interface ChartPlan {
  /** Never asked, asked and none known, or these: three different things. */
  allergies: 'unrecorded' | 'none-known' | readonly AllergenKey[]
  conditions: readonly PlannedCondition[]
  drugs: readonly DrugKey[]
  laboratory: readonly LaboratoryKey[]
  infections: readonly InfectionKey[]
  careLevel: CareLevel | undefined
  /** How many home visits wrote down vital signs. */
  vitalsTaken: number
  /** Results that are not left to chance, as the laboratory would print them. */
  results: Partial<Record<LaboratoryKey, string>>
  beyond: readonly BeyondKind[]
}

/** What the region of this registration knows; long-standing illness is the resident's, seen from several sides. */
export function planOf(seed: string, resident: Resident, registration: DemoRegistration): ChartPlan {
  const role = storyRoleOf(resident.id)
  if (role !== undefined) return storyPlanOf(STORY[role].role, registration.region)
  const random = randomOf(seed, 'plan', registration.localId)
  const diseases = longStanding(seed, resident)
  const known =
    registration.agreement === 'first'
      ? diseases
      : random.sample(diseases, random.between(1, diseases.length))
  const conditions = [...known.map((disease) => planned(disease, random)), ...flagged(random)]
  const home = registration.agreement === 'first'
  return {
    allergies: allergiesOf(random),
    conditions,
    drugs: unique(known.flatMap((disease) => [...DISEASES[disease].drugs])),
    laboratory: unique([
      ...known.flatMap((disease) => [...DISEASES[disease].laboratory]),
      ...extraLaboratory(random),
    ]),
    infections: random.chance(0.3) ? random.sample(keysOf(INFECTIONS), random.between(1, 3)) : [],
    careLevel:
      home && isElder(resident.birthDate) && random.chance(0.4)
        ? random.pick(keysOf(CARE_LEVELS))
        : undefined,
    vitalsTaken: home && isElder(resident.birthDate) && random.chance(0.3) ? 2 : 0,
    results: {},
    beyond: beyondOf(seed, resident, registration),
  }
}

function beyondOf(seed: string, { birthDate }: Resident, { localId }: DemoRegistration): BeyondKind[] {
  const random = randomOf(seed, 'beyond', localId)
  const isCaredFor = isElder(birthDate) && random.chance(0.3)
  return [
    ...(random.chance(0.4) ? (['body'] as const) : []),
    ...(random.chance(0.2) ? (['history'] as const) : []),
    ...(random.chance(0.1) ? (['hospital'] as const) : []),
    ...(isCaredFor ? (['care'] as const) : []),
  ]
}

function longStanding(seed: string, resident: Resident): DiseaseKey[] {
  const random = randomOf(seed, 'illness', resident.id)
  if (resident.birthDate > '2000') return random.sample(['bronchitis', 'colitis'], 1)
  const common: DiseaseKey[] = [
    'hypertension',
    'diabetes',
    'dyslipidaemia',
    'ulcer',
    'bronchitis',
    'insomnia',
    'kneeArthrosis',
  ]
  const late: DiseaseKey[] = isElder(resident.birthDate) ? ['fibrillation', 'heartFailure', 'angina'] : []
  return random.sample([...common, ...late], random.between(1, late.length > 0 ? 4 : 3))
}

function planned(disease: DiseaseKey, random: Random): PlannedCondition {
  const acute = disease === 'bronchitis' || disease === 'colitis'
  if (acute && random.chance(0.7)) return { disease, state: 'resolved' }
  return { disease, state: random.chance(0.05) ? 'suspected' : 'active' }
}

function flagged(random: Random): PlannedCondition[] {
  const roll = random.next()
  if (roll < 0.015) return [{ disease: 'stomachCancer', state: 'active', flag: 'UNINFORMED' }]
  if (roll < 0.03) return [{ disease: 'depression', state: 'active', flag: 'UNDELIVERED' }]
  return []
}

function allergiesOf(random: Random): ChartPlan['allergies'] {
  const roll = random.next()
  if (roll < 0.35) return 'unrecorded'
  if (roll < 0.6) return 'none-known'
  return random.sample(keysOf(ALLERGENS), random.between(1, 2))
}

function extraLaboratory(random: Random): LaboratoryKey[] {
  return random.chance(0.5) ? ['ast', 'alt'] : ['sodium']
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[]
}
