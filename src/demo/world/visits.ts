import type { VisitKind } from '../../vocabulary/index.ts'
import { dayAgo } from './days.ts'
import { type DemoInstitution, homeInstitutions } from './institutions.ts'
import { type Random, randomOf } from './random.ts'
import { REGION_IDS, type RegionId } from './regions.ts'
import type { DemoRegistration } from './registrations.ts'
import { isElder, type Resident } from './residents.ts'
import { type StoryRole, storyRoleOf } from './story.ts'

/** Proof that an institution treats or cares for a resident. */
export interface DemoVisit {
  residentId: string
  /** The region under which the institution reports it. */
  region: RegionId
  /** The institution's number. */
  institution: string
  kind: VisitKind
  from: string
  /** Absent while it goes on, as a care contract does. */
  until: string | undefined
  /** The patient id in that region; absent for somebody whom it has not registered. */
  localId: string | undefined
}

/** Where the resident is seen: at home, and for some in a region that has no registration of them. */
export function visitsOf(
  seed: string,
  resident: Resident,
  registrations: readonly DemoRegistration[],
  today: Date,
): DemoVisit[] {
  const role = storyRoleOf(resident.id)
  if (role !== undefined) return storyVisits(role, resident, registrations, today)
  const random = randomOf(seed, 'visits', resident.id)
  return [
    ...registrations.flatMap((registration) => visitsIn(registration, resident, random, today)),
    ...visitElsewhere(resident, registrations, random, today),
  ]
}

function visitsIn(
  registration: DemoRegistration,
  resident: Resident,
  random: Random,
  today: Date,
): DemoVisit[] {
  const { region } = registration
  const at = (kind: VisitKind, institutions: DemoInstitution[], open = false) =>
    visitTo(random.pick(institutions), kind, { resident, region, registration, random, today, open })
  const visits = [at('outpatient', homeInstitutions(region, 'clinic'))]
  if (random.chance(0.4)) visits.push(at('outpatient', homeInstitutions(region, 'hospital')))
  if (registration.agreement !== 'first' || !isElder(resident.birthDate)) return visits
  if (random.chance(0.3)) visits.push(at('visiting', homeInstitutions(region, 'visiting-nurse-station')))
  if (random.chance(0.3)) visits.push(at('care-contract', homeInstitutions(region, 'care-provider'), true))
  return visits
}

/** One in eight of those registered once is treated across the border. */
function visitElsewhere(
  resident: Resident,
  registrations: readonly DemoRegistration[],
  random: Random,
  today: Date,
): DemoVisit[] {
  if (registrations.length > 1 || !random.chance(0.125)) return []
  const region = random.pick(REGION_IDS.filter((id) => id !== resident.homeRegion))
  const institution = random.pick(homeInstitutions(region, 'hospital', 'clinic'))
  const where = { resident, region, registration: undefined, random, today, open: false }
  return [visitTo(institution, 'outpatient', where)]
}

interface Where {
  resident: Resident
  region: RegionId
  registration: DemoRegistration | undefined
  random: Random
  today: Date
  open: boolean
}

function visitTo({ number }: DemoInstitution, kind: VisitKind, where: Where): DemoVisit {
  const { resident, region, registration, random, today, open } = where
  const from = dayAgo(today, open ? random.between(60, 700) : random.between(1, 60))
  return {
    residentId: resident.id,
    region,
    institution: number,
    kind,
    from,
    until: open ? undefined : from,
    localId: registration?.localId,
  }
}

/** Where each of them is seen: the kind, the institution, days ago. Nothing else, so that "unvisited" is sure. */
const STORY_VISITS: Record<StoryRole, readonly [RegionId, string, VisitKind, number][]> = {
  allergyElsewhere: [
    ['minato', '1419900011', 'outpatient', 20],
    ['shiokaze', '1419900219', 'outpatient', 1],
    ['shiokaze', '1449900213', 'outpatient', 1],
    ['shiokaze', '1469900219', 'visiting', 3],
    ['shiokaze', '1479900217', 'care-contract', 200],
  ],
  treatedElsewhere: [
    ['sagamino', '1419900110', 'outpatient', 45],
    ['shiokaze', '1419900219', 'outpatient', 1],
  ],
  withoutConsent: [
    ['minato', '1419900011', 'outpatient', 2],
    ['sagamino', '1419900110', 'outpatient', 12],
  ],
  everywhere: [
    ['minato', '1419900011', 'outpatient', 3],
    ['sagamino', '1419900110', 'outpatient', 5],
    ['sagamino', '1469900110', 'visiting', 3],
    ['shiokaze', '1419900219', 'outpatient', 8],
  ],
  protectedPerson: [
    ['minato', '1419900011', 'outpatient', 6],
    ['shiokaze', '1419900219', 'outpatient', 4],
  ],
}

function storyVisits(
  role: StoryRole,
  resident: Resident,
  registrations: readonly DemoRegistration[],
  today: Date,
): DemoVisit[] {
  return STORY_VISITS[role].map(([region, institution, kind, daysAgo]) => {
    const from = dayAgo(today, daysAgo)
    const until = kind === 'care-contract' ? undefined : from
    const localId = registrations.find((registration) => registration.region === region)?.localId
    return { residentId: resident.id, region, institution, kind, from, until, localId }
  })
}
