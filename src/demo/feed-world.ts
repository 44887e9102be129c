import { DEFAULT_POLICY, type Policy, SYSTEMS } from '../vocabulary/index.ts'
import type { Region } from './start-demo.ts'
import {
  type DemoConsent,
  type DemoVisit,
  demoRegion,
  patientOf,
  REGION_IDS,
  type World,
} from './world/index.ts'

const AT_ONCE = 12

const DECIDED = { body: '模擬協議会 総会', on: '2026-04-01', minutes: '第1号議案' }

/**
 * The policy each simulated council decided: the default's rules from now on, with its two forms read. One council
 * lets it be known what it gives, so that an empty item there can be said to be empty.
 */
export function policyOf(region: string, now: Date): Policy {
  return {
    ...DEFAULT_POLICY,
    effectiveFrom: now.toISOString(),
    decided: DECIDED,
    draft: false,
    forms: {
      'form-2025': { covers: 'medical-and-care', ...DECIDED },
      'form-2019': { covers: 'own-region', ...DECIDED },
    },
    showsWithholding: region === 'minato',
  }
}

interface Fed {
  region: Region
  method: 'PUT' | 'POST'
  path: string
  body: object
}

/**
 * Feeds policies, registrations, consents and visits through each region's own gateway, as its systems would.
 * `progress` is told how many of how many are in.
 */
export async function feedWorld(
  regions: Record<string, Region>,
  world: World,
  progress: (done: number, of: number) => void,
): Promise<void> {
  const regionOf = (id: string) => regions[id] as Region
  const now = new Date()
  for (const id of REGION_IDS)
    await feed({ region: regionOf(id), method: 'PUT', path: '/policy', body: policyOf(id, now) }, 'council')
  const protectedOnes = new Set(world.consents.filter((each) => each.protectedPerson).map(keyOf))
  const patients = world.registrations.map((registration): Fed => {
    const patient = patientOf(registration, now.toISOString()) as { meta?: object }
    const security = protectedOnes.has(keyOf(registration))
      ? { security: [{ system: SYSTEMS.protection, code: 'protected' }] }
      : {}
    const identifier = `${demoRegion(registration.region).patientSystem}|${registration.localId}`
    return {
      region: regionOf(registration.region),
      method: 'PUT',
      path: `/fhir/Patient?identifier=${encodeURIComponent(identifier)}`,
      body: { ...patient, meta: { ...patient.meta, ...security } },
    }
  })
  const consents = world.consents.map((each) => ({
    region: regionOf(each.region),
    method: 'POST' as const,
    path: '/fhir/Consent',
    body: consentOf(each),
  }))
  const visits = world.visits
    .filter(({ localId }) => localId !== undefined)
    .map((each) => ({
      region: regionOf(each.region),
      method: 'POST' as const,
      path: '/fhir/Encounter',
      body: encounterOf(each, each.localId ?? ''),
    }))
  const all = [...patients, ...consents, ...visits]
  let done = 0
  // Registrations first: a consent or a visit of somebody unknown is refused.
  for (const wave of [patients, consents, visits]) {
    await inParallel(wave, async (each) => {
      await feed(each, 'feed')
      progress(++done, all.length)
    })
  }
}

const keyOf = ({ region, localId }: { region: string; localId: string }) => `${region}|${localId}`

async function inParallel(list: readonly Fed[], work: (each: Fed) => Promise<void>): Promise<void> {
  const queue = [...list]
  const worker = async () => {
    for (let each = queue.shift(); each !== undefined; each = queue.shift()) await work(each)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

const TRIES_MAX = 20
const RETRY_MS = 500

/** A feeding system waits and sends again when the other side cannot take it now; every feed may be repeated. */
async function feed({ region, method, path, body }: Fed, role: 'feed' | 'council'): Promise<void> {
  for (let tries = 1; ; tries++) {
    const response = await region.send(method, path, JSON.stringify(body), await region.login(role))
    const text = await response.text()
    if (response.status < 300) return
    if (![429, 502, 503].includes(response.status) || tries === TRIES_MAX) {
      throw new Error(`The feed was refused (${response.status}): ${text.slice(0, 600)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

/** The paper's content as IHE PCF consentBasic. */
export function consentOf(consent: DemoConsent, changes: object = {}): object {
  const { patientSystem, council } = demoRegion(consent.region)
  const patient = { identifier: { system: patientSystem, value: consent.localId } }
  return {
    resourceType: 'Consent',
    meta: { versionId: '1' },
    status: 'active',
    scope: {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient,
    dateTime: consent.signedOn,
    performer: [patient],
    organization: [{ identifier: { system: SYSTEMS.region, value: consent.region }, display: council }],
    sourceReference: {
      identifier: { system: 'https://tsunagi.example/consent-paper', value: consent.evidence },
    },
    policy: [{ uri: `${SYSTEMS.consentForm}/${consent.form}` }],
    provision: { type: 'permit' },
    ...changes,
  }
}

function encounterOf(visit: DemoVisit, localId: string): object {
  const isOpen = visit.until === undefined
  return {
    resourceType: 'Encounter',
    status: isOpen ? 'in-progress' : 'finished',
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: visit.kind === 'inpatient' ? 'IMP' : 'AMB',
    },
    type: [{ coding: [{ system: SYSTEMS.visitKind, code: visit.kind }] }],
    subject: { identifier: { system: demoRegion(visit.region).patientSystem, value: localId } },
    period: isOpen ? { start: visit.from } : { start: visit.from, end: visit.until },
    serviceProvider: { identifier: { system: SYSTEMS.institutionNumber, value: visit.institution } },
  }
}
