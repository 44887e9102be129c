import { type ClinicalType, ITEMS, type Item, isItem } from '../vocabulary/index.ts'
import { carriedItems } from './carried-items.ts'
import { classify } from './classify.ts'
import { type Element, elementOf, elementsOf, listOf } from './elements.ts'
import { namesInfection } from './names-infection.ts'

/** What tells how a record came about and is none itself, so that it belongs to the record that contains it. */
const BELONGS_TO_THE_WHOLE: ReadonlySet<unknown> = new Set([
  'BodyStructure',
  'Coverage',
  'Device',
  'Encounter',
  'EpisodeOfCare',
  'Location',
  'Medication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Provenance',
  'ServiceRequest',
  'Specimen',
  'Substance',
])

/**
 * Whether a resource may leave where these items were granted. It is of exactly one item, and of a type that is asked
 * for it; what other items its national codes name have to be granted too, and so has every resource inside it, so
 * that nothing passes inside something wider. What is no item is never granted. Any JSON may be given.
 */
export function isGranted(resource: unknown, granted: readonly Item[]): boolean {
  const element = elementOf(resource)
  const item = classify(element)
  if (element === undefined || !isItem(item) || !granted.includes(item)) return false
  if (!ITEMS[item].types.includes(element.resourceType as ClinicalType)) return false
  return isWholeGranted(element, granted) && arePartsGranted(element, granted, element.resourceType)
}

function isWholeGranted(element: Element, granted: readonly Item[]): boolean {
  if (!isReadable(element)) return false
  if (!granted.includes('infection') && namesInfection(element)) return false
  return carriedItems(element).every((item) => granted.includes(item))
}

/** Wherever a resource stands: contained, or in a Bundle or Parameters that is contained. */
function arePartsGranted(value: unknown, granted: readonly Item[], whole: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every((part: unknown) => {
    const element = elementOf(part)
    if (element?.resourceType !== undefined && !isPartGranted(element, granted, whole)) return false
    return arePartsGranted(part, granted, whole)
  })
}

/** Of what no rule recognises only the whole's own type belongs to it, as a part of a result is a result. */
function isPartGranted(part: Element, granted: readonly Item[], whole: unknown): boolean {
  if (BELONGS_TO_THE_WHOLE.has(part.resourceType)) return true
  const item = classify(part)
  const isAllowed = item === undefined ? part.resourceType === whole : isItem(item) && granted.includes(item)
  return isAllowed && isWholeGranted(part, granted)
}

/** Whether an item's marks can be read at all: a code where a list of codes stands, or a list as a code, hides it. */
function isReadable({ code, type, category, component }: Element): boolean {
  // An allergy's type and categories are codes by themselves.
  const concepts = [
    code,
    ...[...listOrOne(type), ...listOf(category)].filter((each) => typeof each !== 'string'),
  ]
  if (!isListOrNone(category) || !isListOrNone(component)) return false
  if (!listOf(component).every((part) => elementOf(part) !== undefined)) return false
  return [...concepts, ...elementsOf(component).map((part) => part.code)].every(isReadableConcept)
}

function listOrOne(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

const isListOrNone = (value: unknown) => value === undefined || Array.isArray(value)

function isReadableConcept(concept: unknown): boolean {
  if (concept === undefined) return true
  const coding = elementOf(concept)?.coding
  if (elementOf(concept) === undefined || !isListOrNone(coding)) return false
  return listOf(coding).every((each) => elementOf(each) !== undefined)
}
