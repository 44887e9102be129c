import { CATALOGUE_CODES, type CatalogueItem, ITEM_CATALOGUE } from './item-catalogue.ts'

/** The FHIR types a federated search may name: those that carry an item. A region is asked for each once at most. */
export const CLINICAL_TYPES = [
  'AllergyIntolerance',
  'Condition',
  'DocumentReference',
  'MedicationRequest',
  'Observation',
  'AdverseEvent',
  'CarePlan',
  'DiagnosticReport',
  'Flag',
  'ImagingStudy',
  'Media',
  'MedicationAdministration',
  'NutritionOrder',
  'Procedure',
  'RelatedPerson',
] as const

export type ClinicalType = (typeof CLINICAL_TYPES)[number]

export function isClinicalType(type: unknown): type is ClinicalType {
  return (CLINICAL_TYPES as readonly unknown[]).includes(type)
}

/** What no query may name: a person is found by it, and the banner shows the asker's own. */
const NOT_ASKED = [
  'name',
  'sex',
  'birth-date',
  'address',
  'insured-number',
] as const satisfies readonly CatalogueItem[]

/** The kinds of shared information a query may name; all there are stand in the catalogue (item-catalogue.ts). */
export type Item = Exclude<CatalogueItem, (typeof NOT_ASKED)[number]>

export function isItem(code: CatalogueItem | undefined): code is Item {
  return code !== undefined && !(NOT_ASKED as readonly string[]).includes(code)
}

export const ITEM_CODES = CATALOGUE_CODES.filter(isItem) as [Item, ...Item[]]

interface ItemEntry {
  ja: string
  en: string
  /** The types that are searched for it. */
  types: readonly ClinicalType[]
  /** Whether it belongs to the national set. */
  national: boolean
  /** Whether a form must cover care too. */
  care: boolean
}

export const ITEMS = Object.fromEntries(ITEM_CODES.map((code) => [code, entryOf(code)])) as Record<
  Item,
  ItemEntry
>

function entryOf(code: Item): ItemEntry {
  const { ja, en, care, group, search = [] } = ITEM_CATALOGUE[code]
  const types = CLINICAL_TYPES.filter((type) => search.some((each) => each.split('?', 1)[0] === type))
  return { ja, en, types, national: group === 'document' || group === 'data', care }
}

/** Items that a form must cover as care information (介護情報), and the medical ones. */
export const CARE_ITEM_CODES: readonly Item[] = ITEM_CODES.filter((item) => ITEMS[item].care)
export const CLINICAL_ITEM_CODES: readonly Item[] = ITEM_CODES.filter((item) => !ITEMS[item].care)

/** The types that must be searched to find the given items, each once, in a fixed order. */
export function typesOf(items: readonly Item[]): ClinicalType[] {
  return CLINICAL_TYPES.filter((type) => items.some((item) => ITEMS[item].types.includes(type)))
}

/** The items that resources of the given types may carry. */
export function itemsOf(types: readonly ClinicalType[]): Item[] {
  return ITEM_CODES.filter((item) => ITEMS[item].types.some((type) => types.includes(type)))
}
