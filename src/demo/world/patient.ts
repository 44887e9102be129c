import type { HumanName, Identifier, Patient } from 'fhir/r4.js'
import { SYSTEMS } from '../../vocabulary/index.ts'
import { demoRegion } from './regions.ts'
import type { DemoRegistration, Recorded } from './registrations.ts'
import { lineOf } from './towns.ts'

const JP_PATIENT = 'http://jpfhir.jp/fhir/core/StructureDefinition/JP_Patient'

/** The registration's JP Core Patient, the region's patient id first. */
export function patientOf(
  { region, localId, patientId, record }: DemoRegistration,
  lastUpdated: string,
): Patient {
  const own: Identifier = { use: 'usual', system: demoRegion(region).patientSystem, value: localId }
  return { ...described(record, [own]), id: patientId, meta: { lastUpdated, profile: [JP_PATIENT] } }
}

/** What an institution knows of somebody whom its region has not registered: no region's patient id. */
export function demographicsOf(record: Recorded): Patient {
  return { ...described(record, []), meta: { profile: [JP_PATIENT] } }
}

function described(record: Recorded, own: Identifier[]): Patient {
  const { family, given, gender, birthDate, home, addressStyle, insured, phone } = record
  const line = lineOf(home, addressStyle)
  const building = home.building === undefined ? [] : [home.building]
  return {
    resourceType: 'Patient',
    identifier: [
      ...own,
      ...(insured === undefined ? [] : [{ system: SYSTEMS.insuredNumber, value: insured }]),
    ],
    active: true,
    name: [nameOf('IDE', family.kanji, given.kanji), nameOf('SYL', family.kana, given.kana)],
    ...(phone === undefined ? {} : { telecom: [{ system: 'phone', value: phone } as const] }),
    gender,
    birthDate,
    address: [
      {
        use: 'home',
        text: ['神奈川県', home.city, line, ...building].join(''),
        line: [line, ...building],
        city: home.city,
        state: '神奈川県',
        postalCode: home.postalCode,
        country: 'JP',
      },
    ],
  }
}

/** One name per script; the text has a half-width space between surname and given name (JP Core). */
function nameOf(script: 'IDE' | 'SYL', family: string, given: string): HumanName {
  return {
    extension: [{ url: SYSTEMS.nameRepresentation, valueCode: script }],
    use: 'official',
    text: `${family} ${given}`,
    family,
    given: [given],
  }
}
