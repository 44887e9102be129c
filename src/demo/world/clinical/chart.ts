import type { Encounter, Extension, Identifier, Meta, Practitioner, Reference } from 'fhir/r4.js'
import { SYSTEMS } from '../../../vocabulary/index.ts'
import { dayAgo, momentAgo } from '../days.ts'
import { type DemoInstitution, homeInstitutions } from '../institutions.ts'
import { BASE32, type Random, randomOf } from '../random.ts'
import type { DemoRegistration } from '../registrations.ts'
import type { ChartPlan } from './plan.ts'
import { CODES, PROFILES } from './systems.ts'

/** Everything needed to write one registration's resources. */
export interface Chart {
  plan: ChartPlan
  registration: DemoRegistration
  subject: Reference
  /** The hospital and the clinic that treat the resident in this region. */
  hospital: DemoInstitution
  clinic: DemoInstitution
  nurses: DemoInstitution
  careProvider: DemoInstitution
  today: Date
  random: Random
  /** How many resources were written so far; part of each identifier. */
  written: number
}

export function chartOf(seed: string, registration: DemoRegistration, plan: ChartPlan, today: Date): Chart {
  const { region, localId, patientId } = registration
  const random = randomOf(seed, 'chart', localId)
  return {
    plan,
    registration,
    subject: { reference: `Patient/${patientId}` },
    hospital: random.pick(homeInstitutions(region, 'hospital')),
    clinic: random.pick(homeInstitutions(region, 'clinic')),
    nurses: random.pick(homeInstitutions(region, 'visiting-nurse-station')),
    careProvider: random.pick(homeInstitutions(region, 'care-provider')),
    today,
    random,
    written: 0,
  }
}

export interface Stamp {
  id: string
  meta: Meta
  identifier: Identifier[]
  extension: Extension[]
}

/** What every clinical resource carries: id, profile and time, its own identifier, who wrote it. */
export function stamp(chart: Chart, profile: string, institution: DemoInstitution, daysAgo: number): Stamp {
  chart.written += 1
  const versioned = chart.registration.region === 'sagamino' && profile.includes('/eCS/')
  return {
    id: chart.random.text(BASE32, 16).toLowerCase(),
    meta: {
      lastUpdated: momentAgo(chart.today, daysAgo, '18:00:00'),
      profile: [versioned ? `${profile}|1.5.2` : profile],
    },
    identifier: [
      {
        system: CODES.resourceInstance,
        value: `${institution.number}-${chart.registration.localId}-${chart.written}`,
      },
    ],
    extension: [institutionNumber(institution), ...departmentOf(institution)],
  }
}

function institutionNumber({ kind, number }: DemoInstitution): Extension {
  const system = kind === 'care-provider' ? CODES.careProvider : SYSTEMS.institutionNumber
  return { url: SYSTEMS.institutionNumberExtension, valueIdentifier: { system, value: number } }
}

/** 診療科コード of the fee table; the display is the institution's own word. */
const DEPARTMENTS: Record<string, string> = {
  内科: '01',
  循環器内科: '08',
  小児科: '09',
  外科: '10',
  整形外科: '11',
  皮膚科: '19',
  眼科: '26',
  耳鼻咽喉科: '27',
}

function departmentOf({ department }: DemoInstitution): Extension[] {
  const code = DEPARTMENTS[department]
  if (code === undefined) return []
  const coding = [{ system: CODES.department, code, display: department }]
  return [{ url: CODES.departmentExtension, valueCodeableConcept: { coding, text: department } }]
}

/** The visit it was written at, contained as JP-CLINS wants it (R9013). */
export function encounterAt(chart: Chart, institution: DemoInstitution, daysAgo: number): Encounter {
  return {
    resourceType: 'Encounter',
    id: 'encounter',
    meta: { profile: [PROFILES.encounter] },
    status: 'finished',
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: 'AMB',
      display: 'ambulatory',
    },
    period: { start: dayAgo(chart.today, daysAgo) },
    serviceProvider: { display: institution.name },
  }
}

const DOCTORS = ['架空 太陽', '架空 みなみ', '架空 流星', '架空 こはる'] as const

/** The institution's one fictional doctor, contained. */
export function doctorOf(institution: DemoInstitution): Practitioner {
  return {
    resourceType: 'Practitioner',
    id: 'doctor',
    meta: { profile: [PROFILES.practitioner] },
    name: [{ text: randomOf('doctor', institution.number).pick(DOCTORS) }],
  }
}
