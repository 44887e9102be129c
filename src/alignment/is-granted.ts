import { type ClinicalType, ITEMS, type Item, isItem } from '../vocabulary/index.ts'
import { classify } from './classify.ts'
import { type Element, elementOf, elementsOf } from './elements.ts'
import { namesInfection } from './names-infection.ts'

/**
 * Whether a resource may leave where these items were granted. It is of exactly one item, and of a type that is asked
 * for it; whatever it contains has to be granted too, so that nothing passes inside something wider. What is no item
 * is never granted. Any JSON may be given.
 */
export function isGranted(resource: unknown, granted: readonly Item[]): boolean {
  const element = elementOf(resource)
  const item = classify(element)
  if (element === undefined || !isItem(item) || !granted.includes(item)) return false
  if (!ITEMS[item].types.includes(element.resourceType as ClinicalType)) return false
  return areWordsGranted(element, granted) && arePartsGranted(element, granted)
}

function areWordsGranted(element: Element, granted: readonly Item[]): boolean {
  return granted.includes('infection') || !namesInfection(element)
}

/** A part that is no item of its own, as an encounter or a doctor is, belongs to the whole. */
function arePartsGranted({ contained }: Element, granted: readonly Item[]): boolean {
  return elementsOf(contained).every((part) => {
    const item = classify(part)
    if (isItem(item) && !granted.includes(item)) return false
    return areWordsGranted(part, granted) && arePartsGranted(part, granted)
  })
}
