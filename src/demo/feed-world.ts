import { DEFAULT_POLICY, type Policy, SYSTEMS } from '../vocabulary/index.ts'
import { loadResidents } from './load-residents.ts'
import type { Demo, Region } from './start-demo.ts'
import {
  type DemoConsent,
  type DemoRegistration,
  type DemoVisit,
  demoRegion,
  patientOf,
  REGION_IDS,
  storyRoleOf,
} from './world/index.ts'

const AT_ONCE = 12
const VISITS_A_CALL = 100

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
  /** FHIR resources, one a line where they are several. */
  body: string
  contentType?: string
  /** How many things it feeds. */
  count: number
}

/**
 * Has the networks know the world: the councils' policies; whom the regions knew before, from files; then through
 * each region's own gateway, as its systems would, the residents of the story, all consents and all visits.
 * `progress` is told how many of how many are in.
 */
export async function feedWorld(
  { config, regions, world }: Pick<Demo, 'config' | 'regions' | 'world'>,
  progress: (done: number, of: number) => void,
): Promise<void> {
  const now = new Date()
  for (const id of REGION_IDS) {
    const body = JSON.stringify(policyOf(id, now))
    await feed({ region: regions[id], method: 'PUT', path: '/policy', body, count: 1 }, 'council')
  }
  const visits = world.visits.filter(({ localId }) => localId !== undefined)
  const all = world.registrations.length + world.consents.length + visits.length
  let done = 0
  const tell = (count: number) => {
    done += count
    progress(done, all)
  }
  const isOfStory = ({ residentId }: DemoRegistration) => storyRoleOf(residentId) !== undefined
  const isFromFile = (registration: DemoRegistration) => !isOfStory(registration)
  await loadResidents(config, world.registrations.filter(isFromFile), tell)
  const protectedOnes = new Set(world.consents.filter((each) => each.protectedPerson).map(keyOf))
  const patients = world.registrations.filter(isOfStory).map((registration): Fed => {
    const { region, localId } = registration
    const patient = patientOf(registration, now.toISOString())
    const security = protectedOnes.has(keyOf(registration))
      ? { security: [{ system: SYSTEMS.protection, code: 'protected' }] }
      : {}
    const identifier = encodeURIComponent(`${demoRegion(region).patientSystem}|${localId}`)
    const body = JSON.stringify({ ...patient, meta: { ...patient.meta, ...security } })
    const path = `/fhir/Patient?identifier=${identifier}`
    return { region: regions[region], method: 'PUT', path, body, count: 1 }
  })
  const consents = world.consents.map((each): Fed => {
    const body = JSON.stringify(consentOf(each))
    return { region: regions[each.region], method: 'POST', path: '/fhir/Consent', body, count: 1 }
  })
  // Registrations first: a consent or a visit of somebody unknown is refused.
  for (const wave of [patients, [...visitsInBulk(regions, visits), ...consents]]) {
    await inParallel(wave, async (each) => {
      await feed(each, 'feed')
      tell(each.count)
    })
  }
}

/** Each region's visits, many a call. */
function visitsInBulk(regions: Demo['regions'], visits: readonly DemoVisit[]): Fed[] {
  return REGION_IDS.flatMap((id) => {
    const own = visits.filter(({ region }) => region === id)
    return Array.from({ length: Math.ceil(own.length / VISITS_A_CALL) }, (_, at): Fed => {
      const some = own.slice(at * VISITS_A_CALL, (at + 1) * VISITS_A_CALL)
      const body = some.map((each) => JSON.stringify(encounterOf(each, each.localId ?? ''))).join('\n')
      const path = '/fhir/Encounter/$bulk'
      const contentType = 'application/fhir+ndjson'
      return { region: regions[id], method: 'POST', path, body, contentType, count: some.length }
    })
  })
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
const BUSY = /^(429|502|503|504)$/
/** An entry of a bulk answer that could not be taken now. */
const BUSY_ENTRY = /"status":"(429|502|503|504)"/

/** A feeding system waits and sends again when the other side cannot take it now; every feed may be repeated. */
async function feed(
  { region, method, path, body, contentType }: Fed,
  role: 'feed' | 'council',
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const response = await region.send(method, path, body, await region.login(role), contentType)
    const text = await response.text()
    if (response.status < 300 && !text.includes('"outcome":')) return
    // It was taken the time before, and only the answer was lost: a policy's version is known by now.
    if (tries > 1 && response.status === 409) return
    const isBusy = BUSY.test(String(response.status)) || BUSY_ENTRY.test(text)
    if (!isBusy || tries === TRIES_MAX) {
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
