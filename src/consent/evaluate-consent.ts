import {
  type FormCovers,
  ITEM_CATALOGUE,
  ITEMS,
  type Item,
  isItem,
  type Policy,
} from '../vocabulary/index.ts'
import type { ProxyRelation } from './consent-extensions.ts'
import { addDays, addYears, startOf } from './tokyo-time.ts'

/** The newest version of a resident's consent at the region that holds the data. */
export interface ConsentRecord {
  version: number
  /** `stopped` by telephone holds until paper confirms or lifts it; `left` is a resident who left the region. */
  status: 'active' | 'withdrawn' | 'stopped' | 'left'
  /** The form (with its version) the resident signed; what it covers is the council's reading, in its policy. */
  form: string
  /** When it was signed, as stated; of an end no day before what it ended, see `endSaidAt`. */
  signedAt: Date
  validFrom: Date
  /** The first instant no longer covered. */
  validUntil: Date | undefined
  /** Items the resident keeps back from other regions. */
  refused: readonly Item[]
  /** Institutions, and regions, that the resident keeps everything from. */
  refusedInstitutions: readonly string[]
  refusedRegions: readonly string[]
  /** Who signed for the resident, and the resident's birth date. */
  proxy: { relation: ProxyRelation; residentBorn: string } | undefined
  /** The day of death as the council was told; the ladder weighs it beside what the registration says. */
  deceasedOn: string | undefined
}

export type ConsentRefusal =
  | 'no-consent'
  | 'withdrawn'
  | 'stopped'
  | 'left-region'
  | 'not-yet-valid'
  | 'expired'
  | 'proxy-lapsed'
  | 'form-unread'
  | 'form-own-region'
  | 'region-refused'
  | 'institution-refused'

export interface ConsentAccess {
  at: Date
  covers: FormCovers | undefined
  asking: { region: string; institution: string }
  /** The rules of the council that holds the data. */
  rules: Pick<Policy, 'proxy'>
}

/** First refusal wins; the order below is the order a resident would be told. */
export function evaluateConsent(
  consent: ConsentRecord | undefined,
  { at, covers, asking, rules }: ConsentAccess,
): ConsentRefusal | 'permitted' {
  if (consent === undefined) return 'no-consent'
  if (consent.status === 'withdrawn') return 'withdrawn'
  if (consent.status === 'stopped') return 'stopped'
  if (consent.status === 'left') return 'left-region'
  if (at < consent.validFrom) return 'not-yet-valid'
  if (consent.validUntil !== undefined && at >= consent.validUntil) return 'expired'
  const lapse = proxyLapse(consent, rules.proxy)
  if (lapse !== undefined && at >= lapse.deniedFrom) return 'proxy-lapsed'
  if (covers === undefined) return 'form-unread'
  if (covers === 'own-region') return 'form-own-region'
  if (consent.refusedRegions.includes(asking.region)) return 'region-refused'
  if (consent.refusedInstitutions.includes(asking.institution)) return 'institution-refused'
  return 'permitted'
}

/** What a consent that holds says of one item. */
export function evaluateItem(
  consent: ConsentRecord,
  access: { item: Item; covers: FormCovers | undefined },
): 'item-refused' | 'care-not-covered' | 'permitted' {
  const { refusedWith } = ITEM_CATALOGUE[access.item]
  const refusals = isItem(refusedWith) ? [access.item, refusedWith] : [access.item]
  if (refusals.some((item) => consent.refused.includes(item))) return 'item-refused'
  if (ITEMS[access.item].care && access.covers !== 'medical-and-care') return 'care-not-covered'
  return 'permitted'
}

/**
 * From when a proxy's signature asks for the resident's own, and from when it permits nothing. Undefined where
 * nobody signed for the resident, or they were of age already when somebody did, as with an adult's guardian.
 */
export function proxyLapse(
  { proxy, signedAt }: Pick<ConsentRecord, 'proxy' | 'signedAt'>,
  rule: Policy['proxy'],
): { lapsesAt: Date; deniedFrom: Date } | undefined {
  if (proxy === undefined) return undefined
  const day = addYears(proxy.residentBorn, rule.lapsesAtAge)
  const lapsesAt = startOf(day)
  if (signedAt >= lapsesAt) return undefined
  return { lapsesAt, deniedFrom: startOf(addDays(day, rule.graceDays)) }
}
