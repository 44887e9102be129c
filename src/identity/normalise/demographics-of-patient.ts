import { SYSTEMS } from '../../vocabulary/index.ts'
import type { HumanName, Patient } from '../patient-schema.ts'
import type { Demographics, Script, WrittenAddress, WrittenName } from './demographics.ts'

/** What a Patient (FHIR R4, JP Core) says of a resident. */
export function demographicsOf(patient: Patient): Demographics {
  const insured: { value: string; isFormer: boolean }[] = []
  const careInsured: string[] = []
  const publicPayers: string[] = []
  for (const { system, value, use, period } of patient.identifier ?? []) {
    if (system === SYSTEMS.insuredNumber) {
      insured.push({ value, isFormer: use === 'old' || period?.end !== undefined })
    } else if (system === SYSTEMS.careInsuredNumber) careInsured.push(value)
    else if (system === SYSTEMS.publicPayerNumber) publicPayers.push(value)
  }
  const phones: string[] = []
  let email: string | undefined
  for (const { system = 'phone', use, value } of patient.telecom ?? []) {
    if (use === 'old' || value === undefined) continue
    if (system === 'phone' || system === 'sms') phones.push(value)
    else if (system === 'email') email ??= value
  }
  const [names, addresses] = [namesOf(patient.name ?? []), addressesOf(patient.address ?? [])]
  return { names, insured, careInsured, publicPayers, addresses, phones, email }
}

/** Names that are not meant to say who somebody is. */
const OF_NO_USE = ['anonymous', 'temp', 'nickname']

/** Official names first. */
const RANK = ['official', undefined, 'usual']

function namesOf(names: readonly HumanName[]): WrittenName[] {
  const known = names.filter(({ use }) => use === undefined || !OF_NO_USE.includes(use))
  const current = known.filter((name) => !isFormer(name))
  const isOneUse = known.every(({ use }) => use === known[0]?.use)
  const ranked = isOneUse ? known : known.toSorted((a, b) => RANK.indexOf(a.use) - RANK.indexOf(b.use))
  return ranked.map((name) => ({
    kind: isFormer(name) ? 'former' : isAlias(name, current) ? 'alias' : 'official',
    script: scriptOf(name),
    family: name.family,
    given: name.given,
    whole: name.text,
  }))
}

/** A usual name beside an official one is what somebody is called by (通称); a lone reading is the official name's. */
function isAlias(name: HumanName, current: readonly HumanName[]): boolean {
  if (name.use !== 'usual' || current.every(({ use }) => use === 'usual')) return false
  const others = current.filter((other) => other !== name)
  const isLoneReading =
    scriptOf(name) === 'SYL' && !others.some((other) => scriptOf(other) === 'SYL' || other.use === 'usual')
  return !isLoneReading
}

function isFormer({ use, period }: HumanName): boolean {
  return use === 'old' || use === 'maiden' || period?.end !== undefined
}

function scriptOf({ extension }: HumanName): Script | undefined {
  const mark = extension?.find(({ url }) => url === SYSTEMS.nameRepresentation)?.valueCode
  return mark === 'IDE' || mark === 'SYL' || mark === 'ABC' ? mark : undefined
}

/** The home first; of other current addresses none, since they may be an office's or a relative's. */
function addressesOf(addresses: NonNullable<Patient['address']>): WrittenAddress[] {
  const isPast = ({ use, period }: (typeof addresses)[number]) => use === 'old' || period?.end !== undefined
  const current = addresses.filter((address) => !isPast(address))
  const home = current.find(({ use }) => use === 'home') ?? current.find(({ use }) => use === undefined)
  return [...(home === undefined ? [] : [home]), ...addresses.filter(isPast)].map((address) => {
    const isWhole = address.line === undefined && address.text !== undefined
    return {
      isFormer: isPast(address),
      postalCode: address.postalCode,
      prefecture: isWhole ? undefined : address.state,
      city: isWhole ? undefined : address.city,
      text: isWhole ? address.text : address.line?.join(' '),
    }
  })
}
