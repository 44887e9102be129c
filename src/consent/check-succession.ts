import type { RefusalCode } from '../vocabulary/index.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import type { EvidenceKind } from './evidence.ts'
import type { StatedConsent } from './read-consent.ts'
import { tokyoDate } from './tokyo-time.ts'

/** What sharing may start again on, once it was ended: anything else is a telephone call or a copy of an old form. */
const STRONG: readonly EvidenceKind[] = ['paper', 'signature']

/**
 * Why a consent may not follow what is on record; undefined where it may. Sharing that was ended starts again on
 * paper or a verified signature of the same day or later only, and what has ended cannot end so again.
 */
export function successionFault(
  newest: Pick<ConsentRecord, 'status' | 'signedAt'> & { receivedAt: Date },
  next: Pick<StatedConsent, 'status' | 'signedAt' | 'evidence'>,
): Extract<RefusalCode, 'consent-ended' | 'consent-stop-holds'> | undefined {
  if (newest.status === 'active') return undefined
  if (next.status === newest.status || next.status === 'stopped') return 'consent-ended'
  if (next.status !== 'active') return undefined
  const { signedAt, evidence } = next
  return takesPlaceOf(newest, { signedAt, evidenceKind: evidence.kind }) ? undefined : 'consent-stop-holds'
}

/** Whether a consent rests on paper or a verified signature of the day of an earlier word, or later. */
export function takesPlaceOf(
  earlier: Pick<ConsentRecord, 'signedAt'> & { receivedAt: Date },
  next: Pick<ConsentRecord, 'signedAt'> & { evidenceKind: EvidenceKind | undefined },
): boolean {
  // A withdrawal may be dated ahead; it was made by the day it was received.
  const said = earlier.signedAt < earlier.receivedAt ? earlier.signedAt : earlier.receivedAt
  const isStrong = next.evidenceKind !== undefined && STRONG.includes(next.evidenceKind)
  return isStrong && tokyoDate(next.signedAt) >= tokyoDate(said)
}
