/**
 * How a registration lies in memory: one row of 32-bit numbers, so that comparing two reads two places and not
 * forty. What most registrations do not have (former numbers, other names, a landline) stands in `extras`.
 */
export const ROW_WORDS = 21

/** Six ids of words: surname and given name in kanji, kana and Latin letters. */
export const NAME = 0
export const FAMILY_KANJI = 0
export const FAMILY_KANA = 1
export const GIVEN_KANJI = 2
export const GIVEN_KANA = 3
export const FAMILY_LATIN = 4
export const GIVEN_LATIN = 5
export const NAME_WORDS = 6
/** Year, month and day in one number; noughts where they are not known. 0 for no date. */
export const BIRTH = 6
export const FLAGS = 7
/** Hash of insurer, symbol and number (two halves), hash without the symbol, and marks. */
export const NUMBER = 8
export const NUMBER_WORDS = 4
export const NUMBER_LOOSE = 2
export const NUMBER_MARKS = 3
/** Ids of words: postal code, town, lot, the town's key, the municipality, room. */
export const ADDRESS = 12
export const ADDRESS_WORDS = 6
export const POSTAL_CODE = 0
export const TOWN = 1
export const LOT = 2
export const TOWN_KEY = 3
export const CITY = 4
export const ROOM = 5
/** Hash of the first mobile number, two halves. */
export const MOBILE = 18
/** Where the registration's extras start; 0 for none. */
export const EXTRAS = 20

/** In `FLAGS`. The source's id fills the upper half. */
export const SEX_MASK = 0b11
export const IS_NEWBORN = 1 << 2
export const IS_UNKNOWN_PERSON = 1 << 3
export const IS_PLACEHOLDER_DATE = 1 << 4
export const IS_HELD = 1 << 5
export const IS_DUPLICATE_FREE = 1 << 6
/** Of general data: has other columns and is compared with its like alone. */
export const IS_GENERAL = 1 << 7
/** Of data for testing: compared with its like alone. */
export const IS_SYNTHETIC = 1 << 8
export const SOURCE_SHIFT = 16
export const SEXES = ['', 'male', 'female', 'other'] as const

/** In a number's marks: the branch and one in the lowest byte, 0 for no branch. */
export const BRANCH_MASK = 0xff
export const IS_SOUND = 1 << 8
export const IS_PERSONAL = 1 << 9
/** The number and birth date are shared by people of different given names. */
export const IS_TWIN_NUMBER = 1 << 10

/** Kinds of extras. An extra is its kind and length in one number, then its words; the first number is the length of all. */
export const EXTRA = {
  /** Kind of name, then six words as in `NAME`. */
  otherName: 1,
  /** Family and given name as one: kanji, kana, Latin. */
  whole: 2,
  /** As in `NUMBER`. */
  formerNumber: 3,
  /** As in `ADDRESS`. */
  formerAddress: 4,
  /** Hashes, two halves each. */
  mobile: 5,
  landline: 6,
  care: 7,
  payer: 8,
  email: 9,
  /** Hash of the kind of key, then of the key. */
  national: 10,
  /** Dates as in `BIRTH`. */
  died: 11,
  lastSeen: 12,
  /** Place in the field map's order, then the word. */
  text: 13,
} as const

export const NAME_KINDS = ['current', 'former', 'alias', 'roman'] as const
export const FORMER_NAME = 1

/** `YYYY-MM-DD`, `YYYY-MM` or `YYYY` in one number that orders as the dates do. */
export function packDate(date: string): number {
  const numberIn = (start: number, end: number) => Number(date.slice(start, end))
  return (numberIn(0, 4) << 9) | (numberIn(5, 7) << 5) | numberIn(8, 10)
}

export const yearOf = (date: number): number => date >>> 9
export const monthOf = (date: number): number => (date >>> 5) & 0b1111
export const dayOf = (date: number): number => date & 0b11111
