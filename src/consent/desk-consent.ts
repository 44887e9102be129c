import { SYSTEMS } from '../vocabulary/index.ts'
import { CONSENT_EXTENSIONS } from './consent-extensions.ts'
import type { DeskForm } from './desk-form.ts'
import type { ConsentRecord } from './evaluate-consent.ts'

const PAPER = 'https://tsunagi.example/consent-paper'
const PROXY = 'https://tsunagi.example/consent-proxy'

/** Where nothing was ever signed, and somebody ends sharing all the same. */
const NO_FORM = 'none'

export interface DeskPlace {
  region: string
  patientSystem: string
  /** The consent that counts now. */
  newest: ConsentRecord | undefined
  /** The highest that was ever given under the id; the next follows it. */
  lastVersion: number
  enteredBy: string
}

/** The `Consent` (IHE PCF) that an entry at the desk says, as the region signs it. */
export function consentOfDesk(form: DeskForm, place: DeskPlace): object {
  const { region, patientSystem, newest, lastVersion, enteredBy } = place
  const patient = { identifier: { system: patientSystem, value: form.patient } }
  const isOfDeath = form.kind === 'deceased' || form.kind === 'not-deceased'
  const said = isOfDeath && newest !== undefined ? restated(newest) : statedBy(form, newest)
  // A death told once goes on counting, whatever is entered after it, until it is taken back.
  const deceasedOn = form.kind === 'not-deceased' ? undefined : (form.deceasedOn ?? newest?.deceasedOn)
  const extension = [
    ...said.extension,
    ...(deceasedOn === undefined ? [] : [{ url: CONSENT_EXTENSIONS.deceased, valueDate: deceasedOn }]),
    {
      url: CONSENT_EXTENSIONS.desk,
      extension: [
        { url: 'receipt', valueString: form.receipt },
        { url: 'entered-on', valueDate: form.enteredOn },
        { url: 'entered-by', valueString: enteredBy },
      ],
    },
  ]
  return {
    resourceType: 'Consent',
    meta: { versionId: String(lastVersion + 1) },
    extension,
    status: said.status,
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient,
    dateTime: said.dateTime,
    performer: [said.proxy === undefined ? patient : performerOf(said.proxy, form.receipt)],
    organization: [{ identifier: { system: SYSTEMS.region, value: region } }],
    sourceReference: { identifier: { system: PAPER, value: form.receipt } },
    policy: [{ uri: `${SYSTEMS.consentForm}/${said.form}` }],
    provision: said.provision,
  }
}

interface Said {
  status: 'active' | 'inactive'
  form: string
  dateTime: string
  proxy: { name?: string; relation: string; residentBorn: string } | undefined
  provision: object
  extension: object[]
}

function statedBy(form: DeskForm, newest: ConsentRecord | undefined): Said {
  const { kind, signedOn: dateTime, proxy } = form
  if (kind === 'consent') {
    const provision = permitOf({
      ...{ items: form.refusedItems, institutions: form.refusedInstitutions, regions: form.refusedRegions },
      until: form.until,
    })
    return { status: 'active', form: form.form ?? NO_FORM, dateTime, proxy, provision, extension: [] }
  }
  const end = kind === 'stop' ? 'stopped' : 'left'
  const extension = kind === 'withdrawal' ? [] : [{ url: CONSENT_EXTENSIONS.end, valueCode: end }]
  const provision = { type: 'permit' }
  return { status: 'inactive', form: newest?.form ?? NO_FORM, dateTime, proxy, provision, extension }
}

/**
 * A death takes nothing back of what was said, nor does taking it back: it is said again, and the day of death stands
 * beside it or no more.
 */
function restated(newest: ConsentRecord): Said {
  const { status, validFrom, validUntil } = newest
  // Received after it was over, it never began.
  const isPeriod = validUntil === undefined || validFrom < validUntil
  return {
    status: status === 'active' ? 'active' : 'inactive',
    form: newest.form,
    dateTime: newest.signedAt.toISOString(),
    proxy: newest.proxy,
    provision: permitOf({
      items: newest.refused,
      institutions: newest.refusedInstitutions,
      regions: newest.refusedRegions,
      from: isPeriod ? validFrom.toISOString() : undefined,
      until: validUntil?.toISOString(),
    }),
    extension:
      status === 'stopped' || status === 'left' ? [{ url: CONSENT_EXTENSIONS.end, valueCode: status }] : [],
  }
}

function permitOf(terms: {
  items: readonly string[]
  institutions: readonly string[]
  regions: readonly string[]
  from?: string | undefined
  until: string | undefined
}): object {
  const role = {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }],
  }
  const actorOf = (system: string) => (value: string) => ({
    role,
    reference: { identifier: { system, value } },
  })
  const actor = [
    ...terms.institutions.map(actorOf(SYSTEMS.institutionNumber)),
    ...terms.regions.map(actorOf(SYSTEMS.region)),
  ]
  const code = terms.items.map((item) => ({ coding: [{ system: SYSTEMS.item, code: item }] }))
  const denials = [
    ...(code.length === 0 ? [] : [{ type: 'deny', code }]),
    ...(actor.length === 0 ? [] : [{ type: 'deny', actor }]),
  ]
  const start = terms.from === undefined ? {} : { start: terms.from }
  const period = { ...start, ...(terms.until === undefined ? {} : { end: terms.until }) }
  return {
    type: 'permit',
    ...(Object.keys(period).length === 0 ? {} : { period }),
    ...(denials.length === 0 ? {} : { provision: denials }),
  }
}

function performerOf(proxy: NonNullable<Said['proxy']>, receipt: string): object {
  return {
    identifier: { system: PROXY, value: receipt },
    ...(proxy.name === undefined ? {} : { display: proxy.name }),
    extension: [
      { url: CONSENT_EXTENSIONS.relation, valueCode: proxy.relation },
      { url: CONSENT_EXTENSIONS.residentBorn, valueDate: proxy.residentBorn },
    ],
  }
}
