import { type FormCovers, ITEMS, type Item } from '../vocabulary/index.ts'

/** The newest version of a resident's consent at the region that holds the data. */
export interface ConsentRecord {
  version: number
  status: 'active' | 'withdrawn'
  /** The form (with its version) the resident signed; what it covers is the council's reading, in its policy. */
  form: string
  validFrom: Date
  /** The first instant no longer covered. */
  validUntil: Date | undefined
  /** Items the resident keeps back from other regions. */
  refused: readonly Item[]
}

export type ConsentRefusal =
  | 'no-consent'
  | 'withdrawn'
  | 'not-yet-valid'
  | 'expired'
  | 'form-unread'
  | 'form-own-region'

/** First refusal wins; the order below is the order a resident would be told. */
export function evaluateConsent(
  consent: ConsentRecord | undefined,
  access: { at: Date; covers: FormCovers | undefined },
): ConsentRefusal | 'permitted' {
  if (consent === undefined) return 'no-consent'
  if (consent.status === 'withdrawn') return 'withdrawn'
  if (access.at < consent.validFrom) return 'not-yet-valid'
  if (consent.validUntil !== undefined && access.at >= consent.validUntil) return 'expired'
  if (access.covers === undefined) return 'form-unread'
  if (access.covers === 'own-region') return 'form-own-region'
  return 'permitted'
}

/** What a consent that holds says of one item. */
export function evaluateItem(
  consent: ConsentRecord,
  access: { item: Item; covers: FormCovers | undefined },
): 'item-refused' | 'care-not-covered' | 'permitted' {
  if (consent.refused.includes(access.item)) return 'item-refused'
  if (ITEMS[access.item].care && access.covers !== 'medical-and-care') return 'care-not-covered'
  return 'permitted'
}
