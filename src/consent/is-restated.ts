import { isDeepStrictEqual } from 'node:util'
import type { ConsentRecord } from './evaluate-consent.ts'
import type { StatedConsent } from './read-consent.ts'

/**
 * Whether a version says again what the one before said, with another word about a death alone. It is then as old, and
 * rests on the same, as what it says again: telling of a death, or taking that back, lifts nothing.
 */
export function isRestated(newest: ConsentRecord, next: StatedConsent): boolean {
  return next.deceasedOn !== newest.deceasedOn && isDeepStrictEqual(termsOf(newest), termsOf(next))
}

function termsOf(said: Omit<ConsentRecord, 'validFrom' | 'version' | 'deceasedOn'>): object {
  const { status, form, signedAt, validUntil, proxy } = said
  const { refused, refusedInstitutions, refusedRegions } = said
  return {
    ...{ status, form, proxy, signedAt: signedAt.getTime(), validUntil: validUntil?.getTime() },
    refused: [refused, refusedInstitutions, refusedRegions].map((each) => [...each].sort()),
  }
}
