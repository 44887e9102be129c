import { readJson } from '../http/index.ts'
import { ITEM_CODES, type Item, refuse, SYSTEMS } from '../vocabulary/index.ts'
import { CONSENT_EXTENSIONS, extensionOf, type ProxyRelation } from './consent-extensions.ts'
import { type Consent, consentSchema, statedFrom, statusOf } from './consent-schema.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { placeOf } from './fhir-elements.ts'
import { endOf, later, startOf } from './tokyo-time.ts'

/** What a consent says, before anybody has received it. */
export interface StatedConsent extends Omit<ConsentRecord, 'validFrom' | 'refused' | 'proxy'> {
  localId: string
  /** The later of signing and the stated start. */
  statedFrom: Date
  refused: Item[]
  refusedInstitutions: string[]
  refusedRegions: string[]
  proxy: { relation: ProxyRelation; residentBorn: string } | undefined
  evidence: Evidence
  /** The text as it arrived. */
  resource: string
}

/** A clock that runs ahead of ours by less than this still signs in the present. */
const AHEAD_MAX_MS = 60_000

/** Reads a `Consent` of the region whose patients `patientSystem` numbers, or refuses it whole. */
export function readConsent(resource: string, patientSystem: string): StatedConsent {
  const read = consentSchema.safeParse(readJson(resource))
  if (!read.success) throw refuse('consent-invalid', { at: placeOf('Consent', read.error) })
  const { meta, patient, policy, provision, dateTime, extension } = read.data
  if (patient.identifier.system !== patientSystem) {
    throw refuse('foreign-patient-domain', { at: 'Consent.patient.identifier.system' })
  }
  const status = statusOf(read.data)
  const denials = provision.provision ?? []
  const items = denials.flatMap(({ code = [] }) => code.map(({ coding }) => coding[0].code))
  const actors = denials.flatMap(({ actor = [] }) => actor.map(({ reference }) => reference.identifier))
  const valuesOf = (system: string) => [
    ...new Set(actors.filter((each) => each.system === system).map(({ value }) => value)),
  ]
  return {
    localId: patient.identifier.value,
    version: Number(meta.versionId),
    status,
    form: policy[0].uri,
    signedAt: startOf(dateTime),
    statedFrom: statedFrom(read.data),
    validUntil: provision.period?.end === undefined ? undefined : endOf(provision.period.end),
    refused: ITEM_CODES.filter((item) => items.includes(item)),
    refusedInstitutions: valuesOf(SYSTEMS.institutionNumber),
    refusedRegions: valuesOf(SYSTEMS.region),
    proxy: proxyOf(read.data),
    deceasedOn: extensionOf(extension, CONSENT_EXTENSIONS.deceased)?.valueDate,
    evidence: evidenceOf(read.data, status === 'stopped'),
    resource,
  }
}

/**
 * A consent counts from when it was received, whatever it says; the stated date is kept beside it. Nobody can have
 * signed, or died, tomorrow; a withdrawal is taken whatever its dates say.
 */
export function receivedConsent(consent: StatedConsent, receivedAt: Date): ConsentRecord {
  const { localId: _localId, statedFrom, evidence: _evidence, resource: _resource, ...said } = consent
  const ahead = new Date(receivedAt.getTime() + AHEAD_MAX_MS)
  if (said.status === 'active' && said.signedAt > ahead) {
    throw refuse('consent-invalid', { at: 'Consent.dateTime' })
  }
  if (said.deceasedOn !== undefined && startOf(said.deceasedOn) > ahead) {
    throw refuse('consent-invalid', { at: 'Consent.extension' })
  }
  return { ...said, validFrom: later(statedFrom, receivedAt) }
}

function proxyOf({ performer }: Consent): StatedConsent['proxy'] {
  const [relation, born] = performer.find(({ extension }) => extension !== undefined)?.extension ?? []
  return relation && born && { relation: relation.valueCode, residentBorn: born.valueDate }
}
