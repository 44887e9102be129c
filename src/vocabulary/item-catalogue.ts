import table from './item-catalogue.json' with { type: 'json' }

/** Where on a resident's page an item stands. */
export type Place = 'banner' | 'data' | 'documents' | 'medical' | 'care'

export const ITEM_GROUPS = ['document', 'data', 'basic', 'medical', 'care'] as const
export type ItemGroup = (typeof ITEM_GROUPS)[number]

export interface CatalogueEntry {
  ja: string
  en: string
  group: ItemGroup
  /** The row of the guideline's list (§3-3) it stands for. */
  guideline: string
  /** FHIR types that carry it. */
  types: readonly string[]
  /** `system|code` by which a resource of those types is known as it, beside the project's own item code. */
  codes?: readonly string[]
  /** Whether every resource of its types is it that is nothing else by its codes. */
  byType?: boolean
  /** How it is found in a FHIR server, one search a type; undefined for what comes with the person's own record. */
  search?: readonly string[]
  /** Its counterpart in the national set of 3 documents and 6 data; undefined where it goes beyond that. */
  national?: string
  place: Place
  /** Whether a consent form must cover care for it. */
  care: boolean
  /** The wider item that it is part of: a resident who keeps that back keeps this back too. */
  refusedWith?: CatalogueItem
}

export type CatalogueItem = keyof typeof table

/**
 * Every kind of information that regions share: the national 3 documents and 6 data, and all rows of the guideline's
 * list of basic, medical and care information (§3-3); a row that is a national item is that item. What has no
 * Japanese FHIR standard is known by the project's own code, as care is. Which of them a query may name today stands
 * in items.ts.
 */
export const ITEM_CATALOGUE = table as Record<CatalogueItem, CatalogueEntry>

export const CATALOGUE_CODES = Object.keys(table) as [CatalogueItem, ...CatalogueItem[]]
