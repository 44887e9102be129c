import { isoDate } from '../days.ts'
import type { Draft, WrittenName } from '../sources/draft.ts'
import { buildingAndRoom, townAndLot, wholeAddress } from './spell-address.ts'

const INSURED_NUMBER = 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID'
const REPRESENTATION = 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation'
const META = { profile: ['http://jpfhir.jp/fhir/core/StructureDefinition/JP_Patient'] }
const RESTRICTED_META = {
  ...META,
  security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
}

type Representation = 'IDE' | 'SYL' | 'ABC'

/** A record as one line of NDJSON: a FHIR R4 Patient after JP Core. */
export function fhirLine(draft: Draft, patientSystem: string): string {
  const { card, address } = draft
  return JSON.stringify({
    resourceType: 'Patient',
    meta: draft.person.isProtected ? RESTRICTED_META : META,
    identifier: [
      { system: patientSystem, value: draft.localId },
      ...(card === undefined
        ? []
        : [
            { system: INSURED_NUMBER, value: `${card.insurer}:${card.symbol}:${card.number}:${card.branch}` },
          ]),
    ],
    active: true,
    name: namesOf(draft),
    ...telecomOf(draft),
    gender: draft.gender ?? (draft.causes.has('sex-missing') ? 'unknown' : undefined),
    birthDate: draft.birthDate,
    deceasedDateTime: draft.diedOn === undefined ? undefined : isoDate(draft.diedOn),
    address:
      address === undefined
        ? undefined
        : [
            {
              use: 'home',
              text: wholeAddress(address),
              line: [townAndLot(address), buildingAndRoom(address)].filter((line) => line !== undefined),
              city: address.city,
              state: address.hasPrefecture ? '神奈川県' : undefined,
              postalCode:
                address.postalCode && `${address.postalCode.slice(0, 3)}-${address.postalCode.slice(3)}`,
              country: 'JP',
            },
          ],
  })
}

function namesOf(draft: Draft) {
  const { kanji, kana, roman, alias, formerNames } = draft
  return [
    kanji && humanName(kanji, 'IDE', 'official', draft.suffix),
    kana && humanName(kana, 'SYL', 'official'),
    roman && humanName(roman, 'ABC', 'official'),
    alias && humanName(alias.kanji, 'IDE', 'usual'),
    alias && humanName(alias.kana, 'SYL', 'usual'),
    ...formerNames.flatMap((former) => [
      humanName(former.kanji, 'IDE', 'old'),
      humanName(former.kana, 'SYL', 'old'),
    ]),
  ].filter((name) => name !== undefined)
}

function humanName({ family, given }: WrittenName, representation: Representation, use: string, suffix = '') {
  return {
    extension: [{ url: REPRESENTATION, valueCode: representation }],
    use,
    text: `${given === '' ? family : `${family} ${given}`}${suffix}`,
    family,
    given: given === '' ? undefined : representation === 'ABC' ? given.split(' ') : [given],
  }
}

function telecomOf({ mobile, landline, localId }: Draft) {
  const telecom = [
    mobile && { system: 'phone', use: 'mobile', value: localId.endsWith('3') ? mobile : hyphened(mobile) },
    landline && { system: 'phone', use: 'home', value: landline },
  ].filter((contact) => contact !== undefined)
  return telecom.length === 0 ? {} : { telecom }
}

function hyphened(mobile: string): string {
  return `${mobile.slice(0, 3)}-${mobile.slice(3, 7)}-${mobile.slice(7)}`
}
