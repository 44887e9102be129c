import { dayAgo } from './days.ts'
import { randomOf } from './random.ts'
import type { RegionId } from './regions.ts'
import type { DemoRegistration } from './registrations.ts'
import { storyRoleOf } from './story.ts'

/**
 * The forms in use. Each council has declared what they cover: `form-2019` medical information within its own
 * region, `form-2025` medical and care information, other regions included (guideline §4-2-4).
 */
export const CONSENT_FORMS = {
  'form-2019': { name: '同意書（2019年版）', otherRegions: false, medical: true, care: false },
  'form-2025': { name: '同意書（2025年版）', otherRegions: true, medical: true, care: true },
} as const
export type ConsentForm = keyof typeof CONSENT_FORMS

/** A signed form at the region that holds the record. */
export interface DemoConsent {
  residentId: string
  region: RegionId
  localId: string
  form: ConsentForm
  signedOn: string
  /** Where the paper lies. */
  evidence: string
  /** 支援措置: kept from other regions in spite of the form. */
  protectedPerson: boolean
}

/** Most have signed the new form, some only the old one, and some registrations have none. */
export function consentOf(
  seed: string,
  registration: DemoRegistration,
  today: Date,
): DemoConsent | undefined {
  const { residentId, region, localId } = registration
  const random = randomOf(seed, 'consent', localId)
  const role = storyRoleOf(residentId)
  if (role === 'withoutConsent') return undefined
  const roll = random.next()
  if (role === undefined && roll < 0.05) return undefined
  const form = role === undefined && roll < 0.13 ? 'form-2019' : 'form-2025'
  return {
    residentId,
    region,
    localId,
    form,
    signedOn: dayAgo(today, form === 'form-2019' ? random.between(1500, 2600) : random.between(20, 600)),
    evidence: `paper:${region}-${random.between(2019, 2026)}-${random.text('0123456789', 5)}`,
    protectedPerson: role === 'protectedPerson',
  }
}
