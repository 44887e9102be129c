/**
 * The kinds of shared information a query may ask for: the national 3 documents and 6 data, and the first of
 * what regions share beyond them (guideline §3-3). `types` are the FHIR types that carry the item.
 * `national` says whether the item belongs to the national set; `care` whether a form must cover care too.
 */
export const ITEMS = {
  'allergy-drug': {
    ja: '薬剤アレルギー等',
    en: 'Drug allergies',
    types: ['AllergyIntolerance'],
    national: true,
    care: false,
  },
  'allergy-other': {
    ja: 'その他アレルギー等',
    en: 'Other allergies',
    types: ['AllergyIntolerance'],
    national: true,
    care: false,
  },
  condition: { ja: '傷病名', en: 'Conditions', types: ['Condition'], national: true, care: false },
  infection: { ja: '感染症', en: 'Infections', types: ['Observation'], national: true, care: false },
  laboratory: { ja: '検査', en: 'Laboratory results', types: ['Observation'], national: true, care: false },
  prescription: {
    ja: '処方',
    en: 'Prescriptions',
    types: ['MedicationRequest'],
    national: true,
    care: false,
  },
  referral: {
    ja: '診療情報提供書',
    en: 'Referral documents',
    types: ['DocumentReference'],
    national: true,
    care: false,
  },
  'discharge-summary': {
    ja: '退院時サマリー',
    en: 'Discharge summaries',
    types: ['DocumentReference'],
    national: true,
    care: false,
  },
  checkup: {
    ja: '健診結果報告書',
    en: 'Check-up reports',
    types: ['DocumentReference'],
    national: true,
    care: false,
  },
  'care-level': { ja: '要介護度', en: 'Care level', types: ['Observation'], national: false, care: true },
  'home-vitals': {
    ja: '在宅バイタル',
    en: 'Home vital signs',
    types: ['Observation'],
    national: false,
    care: true,
  },
} as const satisfies Record<string, ItemEntry>

interface ItemEntry {
  ja: string
  en: string
  types: readonly string[]
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
  return CLINICAL_TYPES.filter((type) =>
    items.some((item) => (ITEMS[item].types as readonly string[]).includes(type)),
  )
}

/** The items that resources of the given types may carry. */
export function itemsOf(types: readonly ClinicalType[]): Item[] {
  return ITEM_CODES.filter((item) =>
    ITEMS[item].types.some((type) => (types as readonly string[]).includes(type)),
  )
}
