import { SYSTEMS } from '../vocabulary/index.ts'
import { foldAddress } from './fold-address.ts'
import { foldInsuredNumber, type InsuredNumber } from './fold-insured-number.ts'
import { foldKana } from './fold-kana.ts'
import { foldKanji } from './fold-kanji.ts'
import type { FeedPatient } from './patient-schema.ts'

export interface NameForms {
  kanji?: string | undefined
  kana?: string | undefined
}

/** What linkage compares: folded forms only. The raw Patient is kept beside it. */
export interface Features {
  family: NameForms
  given: NameForms
  /** YYYY-MM-DD; undefined when unknown, partial or a placeholder. */
  birthDate?: string | undefined
  sex?: 'male' | 'female' | undefined
  insured?: InsuredNumber | undefined
  /** Address down to 番地. */
  lot?: string | undefined
  mobile?: string | undefined
  /** 不詳, テスト and the like (veto V7), and newborns without a name yet (veto V6). */
  isPlaceholder: boolean
}

const PLACEHOLDER_NAME = /不詳|不明|身元|テスト|test|ダミー|匿名/iu
const NEWBORN_NAME = /^(ベビー|ベイビー|新生児|未命名|.*(長|次|二|三)(男|女)|.*ノコ|.*児)$/u
const PLACEHOLDER_DATES = new Set(['1900-01-01', '1901-01-01', '9999-12-31'])

/** Pure: the same Patient gives the same features in every process. */
export function encodeRegistration(patient: FeedPatient): Features {
  const kanji =
    patient.name.find((name) => scriptOf(name) === 'IDE') ??
    patient.name.find((name) => scriptOf(name) === undefined)
  const kana = patient.name.find((name) => scriptOf(name) === 'SYL')
  const givenKanji = kanji?.given?.join('')
  const names = [kanji?.family, givenKanji, kana?.family, kana?.given?.join('')].filter(
    (name) => name !== undefined,
  )
  const insured = patient.identifier.filter(({ system }) => system === SYSTEMS.insuredNumber)
  const address = patient.address?.[0]
  return {
    family: {
      kanji: kanji?.family === undefined ? undefined : foldKanji(kanji.family),
      kana: kana?.family === undefined ? undefined : foldKana(kana.family),
    },
    given: {
      kanji: givenKanji === undefined ? undefined : foldKanji(givenKanji),
      kana: kana?.given === undefined ? undefined : foldKana(kana.given.join('')),
    },
    birthDate: fullDate(patient.birthDate),
    sex: patient.gender === 'male' || patient.gender === 'female' ? patient.gender : undefined,
    // Two different numbers say nothing certain about either.
    insured: insured.length === 1 ? foldInsuredNumber(insured[0]?.value ?? '') : undefined,
    lot: address === undefined ? undefined : lotOf(address),
    mobile: patient.telecom?.map(({ value }) => mobileOf(value ?? '')).find((each) => each !== undefined),
    isPlaceholder:
      names.some((name) => PLACEHOLDER_NAME.test(name)) ||
      (givenKanji !== undefined && NEWBORN_NAME.test(givenKanji)),
  }
}

function scriptOf(name: FeedPatient['name'][number]): string | undefined {
  return name.extension?.find(({ url }) => url === SYSTEMS.nameRepresentation)?.valueCode
}

function fullDate(date: string | undefined): string | undefined {
  return date === undefined || date.length !== 10 || PLACEHOLDER_DATES.has(date) ? undefined : date
}

function lotOf(address: NonNullable<FeedPatient['address']>[number]): string | undefined {
  const built = `${address.city ?? ''}${(address.line ?? []).join('')}`
  return foldAddress(built === '' ? (address.text ?? '') : built)
}

function mobileOf(value: string): string | undefined {
  const digits = value.normalize('NFKC').replace(/\D/gu, '').replace(/^81/, '0')
  return /^0[789]0\d{8}$/.test(digits) ? digits : undefined
}
