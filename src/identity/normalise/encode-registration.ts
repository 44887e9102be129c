import { isDeepStrictEqual } from 'node:util'
import { SYSTEMS } from '../../vocabulary/index.ts'
import type { Patient } from '../patient-schema.ts'
import type { Features } from './features.ts'
import { type Address, foldAddress } from './fold-address.ts'
import { foldBirthDate } from './fold-birth-date.ts'
import { foldInsuredNumber, type InsuredNumber } from './fold-insured-number.ts'
import { foldKana } from './fold-kana.ts'
import { foldKanji, foldSurname } from './fold-kanji.ts'
import { foldMobile } from './fold-mobile.ts'
import { officialName } from './official-name.ts'
import { placeholderOf } from './placeholder.ts'

/** Pure: the same Patient gives the same features in every process. */
export function encodeRegistration(patient: Patient): Features {
  const kanji = officialName(patient.name ?? [], 'IDE')
  const kana = officialName(patient.name ?? [], 'SYL')
  const { gender } = patient
  return {
    family: { kanji: fold(kanji?.family, foldSurname), kana: fold(kana?.family, foldKana) },
    given: { kanji: fold(kanji?.given, foldKanji), kana: fold(kana?.given, foldKana) },
    birthDate: foldBirthDate(patient.birthDate),
    sex: gender === 'unknown' ? undefined : gender,
    insured: insuredOf(patient),
    address: addressOf(patient),
    mobiles: mobilesOf(patient),
    placeholder: placeholderOf(kanji, kana),
  }
}

function fold(text: string | undefined, how: (text: string) => string | undefined): string | undefined {
  return text === undefined ? undefined : how(text)
}

/** Two current numbers contradict each other, so neither is believed. The same one twice is one. */
function insuredOf({ identifier = [] }: Patient): InsuredNumber | undefined {
  const current = identifier.filter(({ system, use }) => system === SYSTEMS.insuredNumber && use !== 'old')
  const [number, ...others] = current.map(({ value }) => foldInsuredNumber(value))
  return others.every((other) => isDeepStrictEqual(other, number)) ? number : undefined
}

function addressOf({ address = [] }: Patient): Address | undefined {
  const home = address.find(({ use }) => use === 'home') ?? address.find(({ use }) => use === undefined)
  if (home === undefined) return undefined
  const parts = `${home.city ?? ''}${home.line?.join(' ') ?? ''}`
  return foldAddress(home.line === undefined ? (home.text ?? parts) : parts, home.postalCode)
}

function mobilesOf({ telecom = [] }: Patient): string[] {
  const numbers = telecom
    .filter(({ use, system = 'phone' }) => use !== 'old' && (system === 'phone' || system === 'sms'))
    .flatMap(({ value }) => foldMobile(value ?? '') ?? [])
  return [...new Set(numbers)].sort()
}
