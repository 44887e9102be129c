import type { Address, Area } from './fold-address.ts'
import type { BirthDate } from './fold-birth-date.ts'
import type { InsuredNumber } from './fold-insured-number.ts'
import type { Placeholder } from './placeholder.ts'

/** Raised whenever the same Patient would give other features, so that what was encoded before is seen to be old. */
export const NORM = 8

/** One part of a name, folded, in every script it was sent in. */
export interface NameForms {
  kanji?: string | undefined
  /** The reading, folded: small letters, old spellings, long marks and spaces are gone. */
  kana?: string | undefined
  /** The reading as it was written, in full-width katakana: for what folding takes away. */
  kanaExact?: string | undefined
  /** Latin letters in upper case without accents, words as they stood, one space between them. */
  latin?: string | undefined
}

/** A name beside the official one. `former`: before a marriage or the like; `alias`: 通称; `roman`: in Latin letters. */
export interface OtherName {
  family: NameForms
  given: NameForms
  kind: 'former' | 'alias' | 'roman'
}

/** What linkage compares: folded forms only. The Patient as it was sent is kept beside them. */
export interface Features {
  family: NameForms
  given: NameForms
  otherNames?: OtherName[] | undefined
  /** Family and given name as one, where the name was sent whole: how it was split is then a guess. */
  whole?: NameForms | undefined
  birthDate?: BirthDate | undefined
  /** Unknown is left out: it neither agrees nor differs. */
  sex?: 'male' | 'female' | 'other' | undefined
  insured?: InsuredNumber | undefined
  /** Numbers that the source itself marks as past. */
  formerInsured?: InsuredNumber[] | undefined
  /** Care insurance, `insurer:number`, 6 and 10 digits. */
  careInsured?: string | undefined
  /** 公費, `payer:recipient`, 8 and 7 digits. */
  publicPayers?: string[] | undefined
  /** `kind:digest` of numbers that are one person's own; of the Individual Number and the 医療等ID where the law allows them. */
  nationalKeys?: string[] | undefined
  address?: Address | undefined
  formerAddresses?: Address[] | undefined
  /** Where the address does not reach a 番地: municipality and town, which confirm nobody. */
  area?: Area | undefined
  mobiles: string[]
  landlines?: string[] | undefined
  email?: string | undefined
  placeholder?: Placeholder | undefined
  /** Of data for testing, which is compared with its like alone. Left out for everybody else. */
  isSynthetic?: true | undefined
  /** YYYY-MM-DD. */
  deceasedOn?: string | undefined
  /** From when a death counts whose day is not known whole (`deathFrom`); linkage does not compare it. */
  deathFrom?: string | undefined
  /** Of general data alone: the other columns of a field map, up to eight, in its order, folded; empty where there is nothing. */
  texts?: readonly string[] | undefined
}
