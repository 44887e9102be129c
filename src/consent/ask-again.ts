import type { Policy } from '../vocabulary/index.ts'
import { type ConsentRecord, proxyLapse } from './evaluate-consent.ts'
import type { Said } from './former-consents.ts'

export const ASK_AGAIN_REASONS = {
  'form-unread': { ja: '協議会が判定していない版の同意書', en: 'On a form version the council has not read' },
  'form-own-region': { ja: '自地域内だけを対象とする同意書', en: 'On a form for the own region only' },
  expired: { ja: '有効期限切れ', en: 'Expired' },
  'merged-id': {
    ja: '統合された旧患者IDでの同意だけがあり、現在の患者IDでの同意がない',
    en: 'Agreed under an id that was merged, and not under the one that stands',
  },
  'proxy-lapsed': { ja: '本人が年齢に達し、代理人の同意が失効', en: 'Of age now; a proxy signed' },
} as const
export type AskAgainReason = keyof typeof ASK_AGAIN_REASONS

/**
 * Why a resident who agreed once is to be asked again, before other regions may view or go on viewing; undefined
 * where nothing is to be asked, as of whoever ended sharing or has died.
 */
export function askAgainReason(
  { consent, formerConsent }: Said,
  policy: Pick<Policy, 'forms' | 'proxy'>,
  at: Date,
): AskAgainReason | undefined {
  if (consent !== undefined) return reasonOf(consent, policy, at)
  // What ended under a merged id comes as the consent.
  return formerConsent === undefined || formerConsent.deceasedOn !== undefined ? undefined : 'merged-id'
}

function reasonOf(
  consent: ConsentRecord,
  policy: Pick<Policy, 'forms' | 'proxy'>,
  at: Date,
): AskAgainReason | undefined {
  if (consent.status !== 'active' || consent.deceasedOn !== undefined) return undefined
  if (consent.validUntil !== undefined && at >= consent.validUntil) return 'expired'
  // Asked from the birthday on, while the days of grace still run.
  const lapse = proxyLapse(consent, policy.proxy)
  if (lapse !== undefined && at >= lapse.lapsesAt) return 'proxy-lapsed'
  const reading = Object.hasOwn(policy.forms, consent.form) ? policy.forms[consent.form] : undefined
  if (reading === undefined) return 'form-unread'
  return reading.covers === 'own-region' ? 'form-own-region' : undefined
}
