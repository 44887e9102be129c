import type { RefusalCode } from '../vocabulary/index.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import type { EvidenceKind } from './evidence.ts'
import type { StatedConsent } from './read-consent.ts'
import { startOf, tokyoDate } from './tokyo-time.ts'

/** What sharing may start again on, once it was ended: anything else is a telephone call or a copy of an old form. */
const STRONG: readonly EvidenceKind[] = ['paper', 'signature']

/**
 * Why a consent may not follow what is on record; undefined where it may. Sharing that was ended starts again on
 * paper or a verified signature no older than the end only, and what has ended cannot end so again.
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

/**
 * From when an end counts as said: whatever its paper says, from no day before that on which what it ends was signed.
 * A paper from in between, with fewer refusals, would start sharing again.
 */
export function endSaidAt(
  ended: Pick<ConsentRecord, 'signedAt'> | undefined,
  { status, signedAt }: Pick<StatedConsent, 'status' | 'signedAt'>,
): Date {
  if (status === 'active' || ended === undefined) return signedAt
  return tokyoDate(ended.signedAt) > tokyoDate(signedAt) ? ended.signedAt : signedAt
}

/** Whether a consent rests on paper or a verified signature no older than an earlier word. */
export function takesPlaceOf(
  earlier: Pick<ConsentRecord, 'signedAt'> & { receivedAt: Date },
  next: Pick<ConsentRecord, 'signedAt'> & { evidenceKind: EvidenceKind | undefined },
): boolean {
  const isStrong = next.evidenceKind !== undefined && STRONG.includes(next.evidenceKind)
  return isStrong && isNoOlder(next.signedAt, earlier)
}

/**
 * By the day, because papers say no more; by the hour where one is said: what was signed in the morning does not lift
 * the telephone call of the afternoon.
 */
function isNoOlder(signedAt: Date, earlier: Pick<ConsentRecord, 'signedAt'> & { receivedAt: Date }): boolean {
  const { receivedAt } = earlier
  // A withdrawal may be dated ahead; it was made by the day it was received.
  const said = earlier.signedAt < receivedAt ? earlier.signedAt : receivedAt
  const [given, day] = [tokyoDate(signedAt), tokyoDate(said)]
  if (given !== day || !saysHour(signedAt)) return given >= day
  // Dated by its day alone, it was said by when it was received.
  const isDated = !saysHour(said) && tokyoDate(receivedAt) === day
  return signedAt >= (isDated ? receivedAt : said)
}

/** A date stands for its midnight in Japan. */
function saysHour(at: Date): boolean {
  return startOf(tokyoDate(at)).getTime() !== at.getTime()
}
