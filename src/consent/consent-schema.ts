import { z } from 'zod'
import { ITEM_CODES, SYSTEMS } from '../vocabulary/index.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import { codingOf, conceptOf, patientReference, reference, resourceId, stated } from './fhir-elements.ts'
import { endOf, later, startOf } from './tokyo-time.ts'

const PCF = 'https://profiles.ihe.net/ITI/PCF/StructureDefinition'
const BASIC = `${PCF}/IHE.PCF.consentBasic`
const INTERMEDIATE = `${PCF}/IHE.PCF.consentIntermediate`

const form = z
  .string()
  .startsWith(`${SYSTEMS.consentForm}/`)
  .transform((uri) => uri.slice(SYSTEMS.consentForm.length + 1))
  .pipe(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/))

const attachment = z.strictObject({
  contentType: z.string().max(100).optional(),
  url: z.string().max(200).optional(),
  hash: z.base64().max(100).optional(),
  title: z.string().min(1).max(200),
  creation: stated.optional(),
})

/** Items kept back: nested denials, which is consentIntermediate; R4 says `code` applies the rule to what it names. */
const refusal = z.strictObject({
  type: z.literal('deny'),
  code: z
    .array(conceptOf(SYSTEMS.item, z.enum(ITEM_CODES)))
    .min(1)
    .max(64),
})

/** Purposes must be stated with treatment among them or not at all; what we cannot honour we do not take. */
const purposes = z
  .array(codingOf(SYSTEMS.purpose, z.enum(['TREAT', 'HPAYMT', 'HOPERAT', 'BTG'])))
  .min(1)
  .max(4)
  .refine((codes) => codes.some(({ code }) => code === 'TREAT'))

/**
 * `Consent` of IHE PCF 1.1.1 (R4), consentBasic, or consentIntermediate where items are refused. The version is
 * `meta.versionId`, given by the region and only rising: PCF has no element for it. The form and its version are
 * `policy.uri`. Withdrawn is `status` inactive, or a `provision.type` of deny (PCF's "rejects the base policy").
 */
const consentShape = z.strictObject({
  resourceType: z.literal('Consent'),
  id: resourceId.optional(),
  meta: z.strictObject({
    versionId: z.string().regex(/^[1-9]\d{0,8}$/),
    profile: z
      .array(z.enum([BASIC, INTERMEDIATE]))
      .min(1)
      .max(2)
      .optional(),
  }),
  status: z.enum(['active', 'inactive']),
  scope: conceptOf('http://terminology.hl7.org/CodeSystem/consentscope', z.literal('patient-privacy')),
  category: z.tuple([conceptOf('http://loinc.org', z.literal('59284-0'))]),
  patient: patientReference,
  dateTime: stated,
  performer: z.array(reference).min(1).max(4),
  organization: z.array(reference).min(1).max(4),
  sourceReference: reference.optional(),
  sourceAttachment: attachment.optional(),
  policy: z.tuple([z.strictObject({ uri: form })]),
  provision: z.strictObject({
    type: z.enum(['permit', 'deny']),
    period: z.strictObject({ start: stated.optional(), end: stated.optional() }).optional(),
    purpose: purposes.optional(),
    provision: z.array(refusal).min(1).max(64).optional(),
  }),
})

export type Consent = z.infer<typeof consentShape>

export const consentSchema = consentShape
  .refine(hasOneSource, { path: ['source'] })
  .refine(isPossible, { path: ['provision', 'period'] })
  .refine(nestsOnlyIntermediate, { path: ['provision', 'provision'] })

/** The later of signing and the stated start. */
export function statedFrom({ dateTime, provision: { period } }: Consent): Date {
  const signed = startOf(dateTime)
  return period?.start === undefined ? signed : later(signed, startOf(period.start))
}

/** Withdrawn, or never agreed to: nobody is asked to tell the two apart. */
export function statusOf({ status, provision }: Consent): ConsentRecord['status'] {
  return status === 'active' && provision.type === 'permit' ? 'active' : 'withdrawn'
}

function hasOneSource(consent: Consent): boolean {
  return (consent.sourceReference === undefined) !== (consent.sourceAttachment === undefined)
}

/** A withdrawal is never turned away for its period: it takes effect whatever the period says. */
function isPossible(consent: Consent): boolean {
  const end = consent.provision.period?.end
  return end === undefined || statusOf(consent) === 'withdrawn' || endOf(end) > statedFrom(consent)
}

/** Exceptions stand inside a permit, and consentBasic has none. */
function nestsOnlyIntermediate({ meta, provision }: Consent): boolean {
  if (provision.provision === undefined) return true
  return provision.type === 'permit' && !meta.profile?.includes(BASIC)
}
