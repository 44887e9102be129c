import { type Item, SYSTEMS } from '../vocabulary/index.ts'
import { isInjection } from './classify.ts'
import { type Code, codesOf, type Element, elementsOf, listOf } from './elements.ts'
import { documentOf, isDrugAllergy, isInfection, isLaboratory } from './recognise.ts'

/**
 * Every item that a resource's national codes name, in any order: a panel may hold results of two, an allergy may be
 * to a food and a drug. It is of one item all the same (classify), but leaves only where all of these may.
 */
export function carriedItems(element: Element): Item[] {
  const { resourceType, code, component, category, type } = element
  switch (resourceType) {
    case 'Observation':
    case 'DiagnosticReport':
      return [code, ...elementsOf(component).map((part) => part.code)].flatMap(codesOf).flatMap(ofResult)
    case 'AllergyIntolerance':
      return ofAllergy(element)
    case 'DocumentReference':
    case 'Composition':
      return [type, ...listOf(category)].flatMap(codesOf).flatMap((each) => documentOf(each) ?? [])
    case 'MedicationRequest':
      return isInjection(element) ? ['injection'] : []
    default:
      return []
  }
}

function ofResult(code: Code): Item[] {
  if (isInfection(code)) return ['infection']
  if (code.system === SYSTEMS.careLevel) return ['care-level']
  return isLaboratory(code) ? ['laboratory'] : []
}

function ofAllergy(element: Element): Item[] {
  const categories = listOf(element.category)
  const isOther = categories.includes('food') || categories.includes('environment')
  return [
    ...(isDrugAllergy(element) ? (['allergy-drug'] as const) : []),
    ...(isOther ? (['allergy-other'] as const) : []),
  ]
}
