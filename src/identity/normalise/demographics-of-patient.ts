import { SYSTEMS } from '../../vocabulary/index.ts'
import type { HumanName, Patient } from '../patient-schema.ts'
import type { Demographics, Script, WrittenAddress, WrittenName } from './demographics.ts'
import { scriptOf } from './read-name.ts'

/** What a Patient (FHIR R4, JP Core) says of a resident. */
export function demographicsOf(patient: Patient): Demographics {
  const { identifier = [], telecom = [], address = [] } = patient
  const valuesOf = (system: string) => identifier.filter((each) => each.system === system)
  const current = telecom.filter(({ use }) => use !== 'old')
  return {
    names: namesOf(patient.name ?? []),
    insured: valuesOf(SYSTEMS.insuredNumber).map(({ value, use, period }) => ({
      value,
      isFormer: use === 'old' || period?.end !== undefined,
    })),
    careInsured: valuesOf(SYSTEMS.careInsuredNumber).map(({ value }) => value),
    publicPayers: valuesOf(SYSTEMS.publicPayerNumber).map(({ value }) => value),
    addresses: addressesOf(address),
    phones: current
      .filter(({ system = 'phone' }) => system === 'phone' || system === 'sms')
      .flatMap(({ value }) => value ?? []),
    email: current.find(({ system }) => system === 'email')?.value,
  }
}

/** The official name; where none is marked so, one that is not marked at all, then the usual one (通称 beside it). */
const RANK = ['official', undefined, 'usual']

/** Names that are not meant to say who somebody is. */
const OF_NO_USE = ['anonymous', 'temp', 'nickname']

function namesOf(names: readonly HumanName[]): WrittenName[] {
  const known = names.filter(({ use }) => use === undefined || !OF_NO_USE.includes(use))
  const current = known.filter((name) => !isFormer(name) && RANK.includes(name.use))
  const best = new Map<Script, HumanName>()
  for (const use of RANK) {
    for (const name of current) {
      if (name.use === use && !best.has(scriptIn(name))) best.set(scriptIn(name), name)
    }
  }
  return known.map((name) => ({
    kind: isFormer(name) ? 'former' : best.get(scriptIn(name)) === name ? 'official' : 'alias',
    script: scriptIn(name),
    family: name.family,
    given: name.given,
    whole: name.text,
  }))
}

function isFormer({ use, period }: HumanName): boolean {
  return use === 'old' || use === 'maiden' || period?.end !== undefined
}

function scriptIn({ extension, family = '', given = [], text = '' }: HumanName): Script {
  const mark = extension?.find(({ url }) => url === SYSTEMS.nameRepresentation)?.valueCode
  const known = mark === 'IDE' || mark === 'SYL' || mark === 'ABC' ? mark : undefined
  return scriptOf(known, `${family}${given.join('')}` || text)
}

/** The home first; of other current addresses none, since they may be an office's or a relative's. */
function addressesOf(addresses: NonNullable<Patient['address']>): WrittenAddress[] {
  const isPast = ({ use, period }: (typeof addresses)[number]) => use === 'old' || period?.end !== undefined
  const current = addresses.filter((address) => !isPast(address))
  const home = current.find(({ use }) => use === 'home') ?? current.find(({ use }) => use === undefined)
  return [...(home === undefined ? [] : [home]), ...addresses.filter(isPast)].map((address) => ({
    isFormer: isPast(address),
    postalCode: address.postalCode,
    ...(address.line === undefined && address.text !== undefined
      ? { text: address.text }
      : { prefecture: address.state, city: address.city, text: address.line?.join(' ') }),
  }))
}
