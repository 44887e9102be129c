import { createHash } from 'node:crypto'
import { z } from 'zod'
import { HubError } from '../kernel/hub-error.ts'
import { type VerifyingKey, verifyToken } from '../trust/index.ts'
import { ITEM_CODES, refuse } from '../vocabulary/index.ts'
import type { Consent } from './consent-schema.ts'
import type { StatedConsent } from './read-consent.ts'

/** What a consent rests on: a paper by its reference, a copy of a document, a verified signature, a telephone call. */
export const EVIDENCE_KINDS = ['paper', 'document', 'signature', 'telephone'] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

export interface Evidence {
  kind: EvidenceKind
  /** What leads back to the paper or the electronic original. */
  reference: string
  /** The token of a signature, not verified yet. */
  token?: string
}

/** `contentType` of an attachment whose data is the signature, a compact JWS. */
const SIGNED = 'application/jose'
export const CONSENT_AUDIENCE = 'https://tsunagi.example/consent'

/** What an electronic form signs: the same as the Consent says, so that neither can say more than the other. */
export const signedConsentSchema = z.strictObject({
  iss: z.string(),
  aud: z.string(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(16).max(64),
  patient: z.string().min(1).max(128),
  form: z.string().max(40),
  decision: z.enum(['permit', 'deny']),
  items: z.array(z.enum(ITEM_CODES)).max(100),
  institutions: z.array(z.string().max(10)).max(100),
  regions: z.array(z.string().max(32)).max(100),
})
export type SignedConsent = z.infer<typeof signedConsentSchema>

/** A key that counts now, of whom; undefined refuses. */
export type KeyOf = (kid: string) => Promise<(VerifyingKey & { owner: string }) | undefined>

/** What the resource names as its source; refuses a document whose hash doesn't fit (R4, Attachment.hash is SHA-1). */
export function evidenceOf({ sourceReference, sourceAttachment }: Consent, stopped: boolean): Evidence {
  if (sourceAttachment === undefined) {
    const reference = sourceReference?.identifier?.value ?? sourceReference?.reference ?? 'unnamed'
    return { kind: stopped ? 'telephone' : 'paper', reference }
  }
  const { contentType, data, hash, title } = sourceAttachment
  const bytes = data === undefined ? undefined : Buffer.from(data, 'base64')
  if (bytes !== undefined && hash !== undefined) {
    const fits = createHash('sha1').update(bytes).digest('base64') === hash
    if (!fits) throw refuse('evidence-invalid', { at: 'Consent.sourceAttachment.hash' })
  }
  if (contentType !== SIGNED) return { kind: 'document', reference: title }
  if (bytes === undefined) throw refuse('evidence-invalid', { at: 'Consent.sourceAttachment.data' })
  return { kind: 'signature', reference: title, token: bytes.toString('latin1') }
}

/**
 * Verifies an electronic signature by a key that is registered for the region, and that it says what the consent
 * says. Other evidence lies with the council and passes as it is.
 */
export async function verifyEvidence(
  consent: StatedConsent,
  region: string,
  keyOf: KeyOf,
  at: Date,
): Promise<void> {
  const { token } = consent.evidence
  if (token === undefined) return
  const says = await signedClaims(token, keyOf, at)
  const same = (one: readonly string[], other: readonly string[]) =>
    JSON.stringify([...one].sort()) === JSON.stringify([...other].sort())
  const fits =
    says.iss === region &&
    says.patient === consent.localId &&
    says.form === consent.form &&
    (says.decision === 'permit') === (consent.status === 'active') &&
    says.iat === Math.floor(consent.signedAt.getTime() / 1000) &&
    same(says.items, consent.refused) &&
    same(says.institutions, consent.refusedInstitutions) &&
    same(says.regions, consent.refusedRegions)
  if (!fits) throw refuse('evidence-invalid', { at: 'Consent.sourceAttachment.data' })
}

async function signedClaims(token: string, keyOf: KeyOf, now: Date): Promise<SignedConsent> {
  try {
    const { claims } = await verifyToken(token, {
      typ: 'tsunagi-consent+jwt',
      schema: signedConsentSchema,
      audience: CONSENT_AUDIENCE,
      now,
      keyOf,
      archived: true,
    })
    return claims
  } catch (cause) {
    if (!(cause instanceof HubError && cause.kind === 'unauthenticated')) throw cause
    throw refuse('evidence-invalid', { at: 'Consent.sourceAttachment.data', cause })
  }
}
