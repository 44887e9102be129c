import type { RefusalCode } from '../vocabulary/index.ts'
import type { DeskForm } from './desk-form.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import { tokyoDate } from './tokyo-time.ts'

/**
 * Why a consent on paper may not take the place of what is on record; undefined where it may. Papers come to the desk
 * in any order, so the day of signing tells which is the resident's last word; whatever ends sharing always may. Only
 * a death that is on record can be taken back.
 */
export function deskFormFault(
  { kind, signedOn }: Pick<DeskForm, 'kind' | 'signedOn'>,
  newest: Pick<ConsentRecord, 'status' | 'signedAt' | 'deceasedOn'> | undefined,
): Extract<RefusalCode, 'consent-after-death' | 'consent-superseded' | 'death-unknown'> | undefined {
  if (kind === 'not-deceased') return newest?.deceasedOn === undefined ? 'death-unknown' : undefined
  if (kind !== 'consent' || newest === undefined) return undefined
  if (newest.deceasedOn !== undefined && signedOn > newest.deceasedOn) return 'consent-after-death'
  if (newest.status !== 'active') return undefined
  // Papers say no hour: of two that were signed on one day, the one entered later counts.
  return signedOn < tokyoDate(newest.signedAt) ? 'consent-superseded' : undefined
}
