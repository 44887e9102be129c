import { z } from 'zod'
import { formCodeSchema, ITEM_CODES, SYSTEMS } from '../vocabulary/index.ts'
import {
  CONSENT_EXTENSIONS,
  consentExtension,
  extensionOf,
  performerExtension,
} from './consent-extensions.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import {
  codingOf,
  conceptOf,
  identifierOf,
  patientReference,
  reference,
  referenceShape,
  resourceId,
  stated,
} from './fhir-elements.ts'
import { endOf, later, startOf } from './tokyo-time.ts'

const PCF = 'https://profiles.ihe.net/ITI/PCF/StructureDefinition'
const BASIC = `${PCF}/IHE.PCF.consentBasic`
const INTERMEDIATE = `${PCF}/IHE.PCF.consentIntermediate`

/** Base64 of 30 KiB: the whole resource has at most 64. */
const DATA_CHARS_MAX = 40_960

const form = z
  .string()
  .startsWith(`${SYSTEMS.consentForm}/`)
  .transform((uri) => uri.slice(SYSTEMS.consentForm.length + 1))
  .pipe(formCodeSchema)

const attachment = z.strictObject({
  contentType: z.string().max(100).optional(),
  data: z.base64().min(4).max(DATA_CHARS_MAX).optional(),
  url: z.string().max(200).optional(),
  hash: z.base64().max(100).optional(),
  title: z.string().min(1).max(200),
  creation: stated.optional(),
})

/** Whom the resident keeps everything from: institutions by their number, or all of a region. */
const refusedActor = z.strictObject({
  role: conceptOf('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', z.literal('IRCP')),
  reference: z.strictObject({
    type: z.literal('Organization').optional(),
    identifier: z.union([
      identifierOf(SYSTEMS.institutionNumber, /^[0-9A-Z]{10}$/),
      identifierOf(SYSTEMS.region, /^[a-z][a-z0-9-]{1,31}$/),
    ]),
    display: z.string().max(100).optional(),
  }),
})

/** What is kept back: nested denials, which is consentIntermediate; R4 says `code` applies the rule to what it names. */
const refusal = z
  .strictObject({
    type: z.literal('deny'),
    code: z
      .array(conceptOf(SYSTEMS.item, z.enum(ITEM_CODES)))
      .min(1)
      .max(64)
      .optional(),
    actor: z.array(refusedActor).min(1).max(64).optional(),
  })
  // An item kept from one institution only is more than the ladder can honour, so it is not taken.
  .refine(({ code, actor }) => (code === undefined) !== (actor === undefined), { path: ['actor'] })

/** Purposes must be stated with treatment among them or not at all; what we cannot honour we do not take. */
const purposes = z
  .array(codingOf(SYSTEMS.purpose, z.enum(['TREAT', 'HPAYMT', 'HOPERAT', 'BTG'])))
  .min(1)
  .max(4)
  .refine((codes) => codes.some(({ code }) => code === 'TREAT'))

/** Who signed: the resident, or somebody for them, in a stated relation. */
const performer = z
  .strictObject({ ...referenceShape, extension: performerExtension.optional() })
  .refine((each) => each.reference !== undefined || each.identifier !== undefined)

/**
 * `Consent` of IHE PCF 1.1.1 (R4), consentBasic, or consentIntermediate where something is refused. The version is
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
  extension: z
    .array(consentExtension)
    .min(1)
    .max(3)
    .refine((list) => new Set(list.map(({ url }) => url)).size === list.length)
    .optional(),
  status: z.enum(['active', 'inactive']),
  scope: conceptOf('http://terminology.hl7.org/CodeSystem/consentscope', z.literal('patient-privacy')),
  category: z.tuple([conceptOf('http://loinc.org', z.literal('59284-0'))]),
  patient: patientReference,
  dateTime: stated,
  performer: z.array(performer).min(1).max(4),
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
  .refine(endsOnlyInactive, { path: ['extension'] })
  .refine(({ performer }) => performer.filter(({ extension }) => extension).length <= 1, {
    path: ['performer'],
  })

/** The later of signing and the stated start. */
export function statedFrom({ dateTime, provision: { period } }: Consent): Date {
  const signed = startOf(dateTime)
  return period?.start === undefined ? signed : later(signed, startOf(period.start))
}

/** Withdrawn, or never agreed to: nobody is asked to tell the two apart. */
export function statusOf({ status, provision, extension }: Consent): ConsentRecord['status'] {
  if (status === 'active' && provision.type === 'permit') return 'active'
  return extensionOf(extension, CONSENT_EXTENSIONS.end)?.valueCode ?? 'withdrawn'
}

function hasOneSource(consent: Consent): boolean {
  return (consent.sourceReference === undefined) !== (consent.sourceAttachment === undefined)
}

/** A withdrawal is never turned away for its period: it takes effect whatever the period says. */
function isPossible(consent: Consent): boolean {
  const end = consent.provision.period?.end
  return end === undefined || statusOf(consent) !== 'active' || endOf(end) > statedFrom(consent)
}

/** Exceptions stand inside a permit, and consentBasic has none. */
function nestsOnlyIntermediate({ meta, provision }: Consent): boolean {
  if (provision.provision === undefined) return true
  return provision.type === 'permit' && !meta.profile?.includes(BASIC)
}

function endsOnlyInactive({ status, extension }: Consent): boolean {
  return status === 'inactive' || extensionOf(extension, CONSENT_EXTENSIONS.end) === undefined
}
