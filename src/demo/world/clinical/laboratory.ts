import type { CodeableConcept, Observation } from 'fhir/r4.js'
import { SYSTEMS } from '../../../vocabulary/index.ts'
import { exactNumber } from '../../exact-json.ts'
import { momentAgo } from '../days.ts'
import { type Chart, doctorOf, encounterAt, stamp } from './chart.ts'
import {
  INFECTIONS,
  type InfectionKey,
  LABORATORY,
  type LaboratoryItem,
  type LaboratoryKey,
} from './laboratory-items.ts'
import { CODES, PROFILES } from './systems.ts'

const [CORE_JLAC10] = SYSTEMS.coreLaboratory
const [INFECTION_JLAC10] = SYSTEMS.infectionLaboratory
const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation'

/** One blood sample: general results, and those of infections where they were looked for. */
export function laboratoryIn(chart: Chart): Observation[] {
  const daysAgo = chart.random.between(5, 300)
  return [
    ...chart.plan.laboratory.map((key) => measured(chart, key, daysAgo)),
    ...chart.plan.infections.map((key) => judged(chart, key, daysAgo)),
  ]
}

function measured(chart: Chart, key: LaboratoryKey, daysAgo: number): Observation {
  const { jlac10, display, text, unit, low, high, digits, specimen } = LABORATORY[key]
  const value = chart.plan.results[key] ?? drawn(chart, LABORATORY[key])
  const quantity = (number: string) => ({ value: exactNumber(number), unit, system: CODES.ucum, code: unit })
  const flag = Number(value) > high ? 'H' : Number(value) < low ? 'L' : 'N'
  return {
    ...resulted(chart, daysAgo, specimen),
    code: codeOf(CORE_JLAC10, jlac10, display, text),
    valueQuantity: quantity(value),
    interpretation: [{ coding: [{ system: INTERPRETATION, code: flag }] }],
    referenceRange: [{ low: quantity(low.toFixed(digits)), high: quantity(high.toFixed(digits)) }],
  }
}

function drawn({ random }: Chart, { low, high, spread, digits }: LaboratoryItem): string {
  return (low + random.next() * (high - low + spread)).toFixed(digits)
}

function judged(chart: Chart, key: InfectionKey, daysAgo: number): Observation {
  const { jlac10, display, text } = INFECTIONS[key]
  const result = chart.random.chance(0.06) ? { code: '1', display: '陽性' } : { code: '2', display: '陰性' }
  return {
    ...resulted(chart, daysAgo, '血清'),
    code: codeOf(INFECTION_JLAC10, jlac10, display, text),
    valueCodeableConcept: {
      coding: [{ system: CODES.positiveNegative, ...result }],
      text: result.display,
    },
  }
}

function resulted(chart: Chart, daysAgo: number, specimen: string): Omit<Observation, 'code'> {
  return {
    resourceType: 'Observation',
    ...stamp(chart, PROFILES.laboratory, chart.hospital, daysAgo),
    contained: [encounterAt(chart, chart.hospital, daysAgo), doctorOf(chart.hospital)],
    status: 'final',
    category: [
      { coding: [{ system: SYSTEMS.observationCategory, code: 'laboratory', display: 'Laboratory' }] },
    ],
    subject: chart.subject,
    encounter: { reference: '#encounter' },
    effectiveDateTime: momentAgo(chart.today, daysAgo),
    performer: [{ reference: '#doctor' }],
    specimen: { type: 'Specimen', display: specimen },
  }
}

/** The laboratory's own code always, the designated item's national code after it (R6021). */
function codeOf(system: string, jlac10: string, display: string, text: string): CodeableConcept {
  return {
    coding: [
      { system: CODES.laboratoryLocal, code: `L${jlac10.slice(0, 5)}`, display: text },
      { system, code: jlac10, display },
    ],
    text,
  }
}
