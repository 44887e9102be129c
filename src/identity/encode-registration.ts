import { SYSTEMS } from '../vocabulary/index.ts'
import { type Address, foldAddress } from './fold-address.ts'
import { type BirthDate, foldBirthDate } from './fold-birth-date.ts'
import { foldInsuredNumber, type InsuredNumber } from './fold-insured-number.ts'
import { foldKana } from './fold-kana.ts'
import { foldKanji, foldSurname } from './fold-kanji.ts'
import { type NameParts, officialName } from './official-name.ts'
import type { Patient } from './patient-schema.ts'

/** Raised whenever the same Patient would give other features, so that what was encoded before is seen to be old. */
export const NORM = 1

export interface NameForms {
  kanji?: string | undefined
  kana?: string | undefined
}

/** What linkage compares: folded forms only. The Patient as it was sent is kept beside them. */
export interface Features {
  family: NameForms
  given: NameForms
  birthDate?: BirthDate | undefined
  /** Unknown is left out: it neither agrees nor differs. */
  sex?: 'male' | 'female' | 'other' | undefined
  insured?: InsuredNumber | undefined
  address?: Address | undefined
  mobiles: string[]
  /** Nobody's name: `newborn` before there is one, `unknown` for 不詳, テスト and the like. */
  placeholder?: 'newborn' | 'unknown' | undefined
}

const UNKNOWN = /不詳|不明|テスト|ダミー|匿名|^(TEST|DUMMY|UNKNOWN)\d*$/u
const NEWBORN = /ベビ|^(新生児|未命名|.*男児|.*女児|.*子児|児|[長次二三四]男|[長次二三四]女|BABY.*)$/u

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
    placeholder: placeholderOf([kanji, kana]),
  }
}

function fold(text: string | undefined, how: (text: string) => string | undefined): string | undefined {
  return text === undefined ? undefined : how(text)
}

/** Two current numbers contradict each other, so neither is believed. */
function insuredOf({ identifier = [] }: Patient): InsuredNumber | undefined {
  const current = identifier.filter(({ system, use }) => system === SYSTEMS.insuredNumber && use !== 'old')
  return current.length === 1 ? foldInsuredNumber(current[0]?.value ?? '') : undefined
}

function addressOf({ address = [] }: Patient): Address | undefined {
  const home = address.find(({ use }) => use === 'home') ?? address.find(({ use }) => use === undefined)
  if (home === undefined) return undefined
  const parts = `${home.city ?? ''}${home.line?.join(' ') ?? ''}`
  return foldAddress(home.line === undefined ? (home.text ?? parts) : parts, home.postalCode)
}

function mobilesOf({ telecom = [] }: Patient): string[] {
  const numbers = telecom
    .filter(({ use }) => use !== 'old')
    .map(({ value }) =>
      (value ?? '')
        .normalize('NFKC')
        .replace(/[^\d+]/gu, '')
        .replace(/^\+81/, '0'),
    )
  return [...new Set(numbers.filter((number) => /^0[6789]0\d{8}$/.test(number)))].sort()
}

function placeholderOf(names: (NameParts | undefined)[]): Features['placeholder'] {
  const words = names.flatMap((name) => [name?.family, name?.given]).flatMap((word) => word ?? [])
  const plain = words.map((word) =>
    word
      .normalize('NFKC')
      .replace(/[\s・]/gu, '')
      .toUpperCase(),
  )
  if (plain.some((word) => UNKNOWN.test(word))) return 'unknown'
  const given = names.flatMap((name) => name?.given ?? []).map((word) => word.normalize('NFKC').toUpperCase())
  return given.some((word) => NEWBORN.test(word)) ? 'newborn' : undefined
}
