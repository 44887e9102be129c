import type { FhirResource } from 'fhir/r4.js'
import { present } from '../../kernel/must.ts'
import { chartOf } from './clinical/chart.ts'
import { planOf } from './clinical/plan.ts'
import { writeChart } from './clinical/write-chart.ts'
import { consentOf, type DemoConsent } from './consents.ts'
import type { RegionId } from './regions.ts'
import { type DemoRegistration, registrationsOf } from './registrations.ts'
import { type Resident, residentsOf } from './residents.ts'
import { STORY, STORY_ROLES } from './story.ts'
import { type DemoVisit, visitsOf } from './visits.ts'

export interface WorldOptions {
  /** Those of the story included; at least as many. */
  residents?: number
  /** The same seed, size and day give the same world, to the byte. */
  seed?: string
  /** Treatment is dated back from here. */
  today: Date
}

/** The simulated people and what three regions know of them. None of it is about anybody. */
export interface World {
  residents: readonly Resident[]
  registrations: readonly DemoRegistration[]
  consents: readonly DemoConsent[]
  visits: readonly DemoVisit[]
  /** A region's patients and everything about them, written anew at each call: keep it or let it go. */
  resourcesOf(region: RegionId): FhirResource[]
}

export function buildWorld({ residents: size = 1000, seed = 'tsunagi', today }: WorldOptions): World {
  const story = STORY_ROLES.map((role) => STORY[role].resident)
  const residents = [...story, ...residentsOf(seed, Math.max(0, size - story.length))]
  const byId = new Map(residents.map((resident) => [resident.id, resident]))
  const registered = residents.map((resident) => ({
    resident,
    registrations: registrationsOf(seed, resident),
  }))
  const registrations = registered.flatMap((one) => one.registrations)
  return {
    residents,
    registrations,
    consents: registrations.flatMap((registration) => consentOf(seed, registration, today) ?? []),
    visits: registered.flatMap((one) => visitsOf(seed, one.resident, one.registrations, today)),
    resourcesOf: (region) =>
      registrations
        .filter((registration) => registration.region === region)
        .flatMap((registration) => {
          const resident = present(byId.get(registration.residentId), 'a registration has its resident')
          return writeChart(chartOf(seed, registration, planOf(seed, resident, registration), today))
        }),
  }
}
