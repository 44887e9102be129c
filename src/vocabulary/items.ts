import { ITEM_CATALOGUE } from './item-catalogue.ts'

/**
 * The kinds of shared information a query may name today: the national 3 documents and 6 data, and the first of what
 * regions share beyond them. All there are stand in the catalogue (item-catalogue.ts). `types` are the FHIR types
 * that are searched for the item; `national` says whether it belongs to the national set; `care` whether a form must
 * cover care too.
 */
export const ITEMS = {
  'allergy-drug': item('allergy-drug', ['AllergyIntolerance'], true),
  'allergy-other': item('allergy-other', ['AllergyIntolerance'], true),
  condition: item('condition', ['Condition'], true),
  infection: item('infection', ['Observation'], true),
  laboratory: item('laboratory', ['Observation'], true),
  prescription: item('prescription', ['MedicationRequest'], true),
  referral: item('referral', ['DocumentReference'], true),
  'discharge-summary': item('discharge-summary', ['DocumentReference'], true),
  checkup: item('checkup', ['DocumentReference'], true),
  'care-level': item('care-level', ['Observation'], false),
  'home-vitals': item('home-vitals', ['Observation'], false),
} as const satisfies Partial<Record<keyof typeof ITEM_CATALOGUE, ItemEntry>>

/** Names and whether it is care come from the catalogue. */
function item(
  code: keyof typeof ITEM_CATALOGUE,
  types: readonly ClinicalType[],
  national: boolean,
): ItemEntry {
  const { ja, en, care } = ITEM_CATALOGUE[code]
  return { ja, en, types, national, care }
}

interface ItemEntry {
  ja: string
  en: string
  types: readonly ClinicalType[]
  national: boolean
  care: boolean
}

export type Item = keyof typeof ITEMS

export const ITEM_CODES = Object.keys(ITEMS) as [Item, ...Item[]]

/** Items that a form must cover as care information (介護情報), and the medical ones. */
export const CARE_ITEM_CODES: readonly Item[] = ITEM_CODES.filter((item) => ITEMS[item].care)
export const CLINICAL_ITEM_CODES: readonly Item[] = ITEM_CODES.filter((item) => !ITEMS[item].care)

/** The FHIR types a federated search may name: those that carry an item. */
export const CLINICAL_TYPES = [
  'AllergyIntolerance',
  'Condition',
  'DocumentReference',
  'MedicationRequest',
  'Observation',
] as const

export type ClinicalType = (typeof CLINICAL_TYPES)[number]

/** The types that must be searched to find the given items, each once, in a fixed order. */
export function typesOf(items: readonly Item[]): ClinicalType[] {
  return CLINICAL_TYPES.filter((type) => items.some((item) => ITEMS[item].types.includes(type)))
}

/** The items that resources of the given types may carry. */
export function itemsOf(types: readonly ClinicalType[]): Item[] {
  return ITEM_CODES.filter((item) => ITEMS[item].types.some((type) => types.includes(type)))
}
