import { readJson } from '../http/index.ts'
import { ITEM_CODES, type Item, refuse } from '../vocabulary/index.ts'
import { type Consent, consentSchema, statedFrom, statusOf } from './consent-schema.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import { placeOf } from './fhir-elements.ts'
import { endOf, later } from './tokyo-time.ts'

/** What a consent says, before anybody has received it. */
export interface StatedConsent {
  localId: string
  version: number
  status: ConsentRecord['status']
  form: string
  /** The later of signing and the stated start. */
  statedFrom: Date
  validUntil: Date | undefined
  refused: Item[]
  /** What leads back to the paper or the electronic original. */
  evidence: string
  /** The text as it arrived. */
  resource: string
}

/** Reads a `Consent` of the region whose patients `patientSystem` numbers, or refuses it whole. */
export function readConsent(resource: string, patientSystem: string): StatedConsent {
  const read = consentSchema.safeParse(readJson(resource))
  if (!read.success) throw refuse('consent-invalid', { at: placeOf('Consent', read.error) })
  const { meta, patient, policy, provision } = read.data
  if (patient.identifier.system !== patientSystem) {
    throw refuse('foreign-patient-domain', { at: 'Consent.patient.identifier.system' })
  }
  const named = (provision.provision ?? []).flatMap(({ code }) => code.map(({ coding }) => coding[0].code))
  return {
    localId: patient.identifier.value,
    version: Number(meta.versionId),
    status: statusOf(read.data),
    form: policy[0].uri,
    statedFrom: statedFrom(read.data),
    validUntil: provision.period?.end === undefined ? undefined : endOf(provision.period.end),
    refused: ITEM_CODES.filter((item) => named.includes(item)),
    evidence: evidenceOf(read.data),
    resource,
  }
}

/** A consent counts from when it was received, whatever it says; the stated date is kept beside it. */
export function receivedConsent(consent: StatedConsent, receivedAt: Date): ConsentRecord {
  const { version, status, form, statedFrom, validUntil, refused } = consent
  return { version, status, form, validFrom: later(statedFrom, receivedAt), validUntil, refused }
}

function evidenceOf({ sourceReference, sourceAttachment }: Consent): string {
  return (
    sourceReference?.identifier?.value ?? sourceReference?.reference ?? sourceAttachment?.title ?? 'unnamed'
  )
}
