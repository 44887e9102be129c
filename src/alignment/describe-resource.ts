import { isClinicalType } from '../vocabulary/index.ts'
import { describeAllergy } from './describe-allergy.ts'
import { describeCondition } from './describe-condition.ts'
import { describeDocument } from './describe-document.ts'
import { describeEvent } from './describe-event.ts'
import { describeObservation } from './describe-observation.ts'
import { describePrescription } from './describe-prescription.ts'
import type { Description } from './description.ts'
import { type Element, elementOf } from './elements.ts'

/**
 * A resource in words, with the text it was parsed from. Undefined when it cannot be shown without risk: a type nobody here reads, or one whose
 * meaning is changed by something unknown (R4: whoever does not understand a modifierExtension or the
 * implicitRules must not process the resource).
 */
export function describeResource(
  resource: Element,
  text: string,
  beside: readonly Element[],
): Description | undefined {
  if (resource.implicitRules !== undefined || mayBeModified(text, resource)) return undefined
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
      return describeAllergy(resource)
    case 'Condition':
      return describeCondition(resource)
    case 'MedicationRequest':
      return describePrescription(resource, beside)
    case 'Observation':
      return describeObservation(resource)
    case 'DocumentReference':
      return describeDocument(resource, describeResource)
    default:
      return isClinicalType(resource.resourceType) ? describeEvent(resource) : undefined
  }
}

/** A key may be written with escapes; without any, a text that never names the element has none. */
function mayBeModified(text: string, resource: Element): boolean {
  return (text.includes('modifierExtension') || text.includes('\\u')) && hasUnknownModifier(resource)
}

/** Looks through every level, with a list of what is still to be seen so that no depth can exhaust the stack. */
function hasUnknownModifier(resource: Element): boolean {
  const unseen: unknown[] = [resource]
  while (unseen.length > 0) {
    const value = unseen.pop()
    if (Array.isArray(value)) {
      for (const each of value) unseen.push(each)
      continue
    }
    const element = elementOf(value)
    if (element === undefined) continue
    for (const [name, member] of Object.entries(element)) {
      if (name === 'modifierExtension' && !(Array.isArray(member) && member.length === 0)) return true
      unseen.push(member)
    }
  }
  return false
}
