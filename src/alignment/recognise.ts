import { type Item, SYSTEMS } from '../vocabulary/index.ts'
import {
  DOCUMENT_TYPE,
  DRUG_ALLERGEN,
  IPS_ABSENT,
  JLAC10,
  OBSERVATION_CATEGORY,
  SNOMED,
} from './code-systems.ts'
import { type Code, codesOf, type Element, elementOf, elementsOf, hasCode, listOf } from './elements.ts'
import infections from './infection-analytes.json' with { type: 'json' }
import { presentSystem } from './mapping/national-systems.ts'

/**
 * Which item a resource carries, by the national discriminators (JP-CLINS 1.5.2: category for allergies, the
 * coding system for laboratory results, the type code for documents). Any JSON may be given: what is none of
 * them is undefined.
 */
export function recognise(resource: unknown): Item | undefined {
  return recogniseByCode(resource) ?? recogniseByKind(resource)
}

/**
 * The part of it that rests on a national code, which no other mark on the resource may outweigh. A disease, a
 * prescription, or a result that is one by its category alone, may be something narrower.
 */
export function recogniseByCode(resource: unknown): Item | undefined {
  const element = elementOf(resource)
  switch (element?.resourceType) {
    case 'AllergyIntolerance':
      return isDrugAllergy(element) ? 'allergy-drug' : undefined
    case 'Observation':
      return observationItem(element)
    case 'DiagnosticReport':
      return codesOf(element.code).some(isInfection) ? 'infection' : undefined
    case 'DocumentReference':
    case 'Composition':
      return documentItem(element)
    case 'Bundle':
      return element.type === 'document' ? recogniseByCode(elementsOf(element.entry)[0]?.resource) : undefined
    default:
      return undefined
  }
}

/** SNOMED CT and IPS codes for "no known drug allergy", which seldom come with a category. */
const NO_DRUG_ALLERGY: readonly Pick<Code, 'system' | 'code'>[] = [
  { system: SNOMED, code: '409137002' },
  { system: IPS_ABSENT, code: 'no-known-medication-allergies' },
]

/** Drugs by their own codes, as senders have them who know no allergens: YJ, HOT, ingredients, general names. */
const DRUGS: readonly string[] = [
  ...DRUG_ALLERGEN,
  'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code',
  'http://capstandard.jp/CodeSystem/KikakubetsuYakuzaiSeibun',
  'http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationGeneralOrderCode',
  'http://medis.or.jp/CodeSystem/master-HOT7',
  'http://medis.or.jp/CodeSystem/master-HOT9',
  'http://medis.or.jp/CodeSystem/master-HOT13',
]

/** An allergy is to a drug by its category, or because its code is a drug's, whatever its category says. */
export function isDrugAllergy({ category, code }: Element): boolean {
  const categories = listOf(category)
  if (categories.includes('medication') || categories.includes('biologic')) return true
  return codesOf(code).some(
    (each) =>
      isOneOf(DRUGS, presentSystem(each.system)) ||
      (categories.length === 0 &&
        NO_DRUG_ALLERGY.some(({ system, code }) => system === each.system && code === each.code)),
  )
}

/** An infection before anything else: councils may keep infections back where they share laboratory results. */
function observationItem({ code, component }: Element): Item | undefined {
  const codes = codesOf(code)
  if (codes.some(isInfection)) return 'infection'
  if (elementsOf(component).some((part) => codesOf(part.code).some(isInfection))) return 'infection'
  if (codes.some(({ system }) => system === SYSTEMS.careLevel)) return 'care-level'
  return codes.some(isLaboratory) ? 'laboratory' : undefined
}

export function isLaboratory({ system }: Code): boolean {
  return isOneOf(SYSTEMS.coreLaboratory, system) || isOneOf(JLAC10, system)
}

/** The other part: what a resource is by its type or category, where nothing says more. */
export function recogniseByKind(resource: unknown): Item | undefined {
  const element = elementOf(resource)
  switch (element?.resourceType) {
    case 'AllergyIntolerance':
      return 'allergy-other'
    case 'Condition':
      return 'condition'
    case 'MedicationRequest':
      return 'prescription'
    case 'Observation':
      return itemOfCategory(element)
    default:
      return undefined
  }
}

function itemOfCategory({ category }: Element): Item | undefined {
  const categories = listOf(category)
  if (categories.some((each) => hasCode(each, OBSERVATION_CATEGORY, 'laboratory'))) return 'laboratory'
  if (categories.some((each) => hasCode(each, OBSERVATION_CATEGORY, 'vital-signs'))) return 'home-vitals'
  return undefined
}

/** A sender without the national infection system still names the analyte in the first five characters of JLAC10. */
export function isInfection({ system, code }: Code): boolean {
  if (isOneOf(SYSTEMS.infectionLaboratory, system)) return true
  return isOneOf(JLAC10, system) && Object.hasOwn(infections.analytes, code.slice(0, 5))
}

const DOCUMENTS = new Map<string, Item>([
  ['57133-1', 'referral'],
  ['18842-5', 'discharge-summary'],
  ['53576-5', 'checkup'],
  ['JPGCHKUP01', 'checkup'],
])

function documentItem({ type }: Element): Item | undefined {
  for (const code of codesOf(type)) {
    const item = documentOf(code)
    if (item !== undefined) return item
  }
  return undefined
}

export function documentOf({ system, code }: Code): Item | undefined {
  return isOneOf(DOCUMENT_TYPE, system) ? DOCUMENTS.get(code) : undefined
}

function isOneOf(systems: readonly string[], system: string): boolean {
  return systems.includes(system)
}
