/** Of other columns of a field map. */
const TEXT_LEVELS = ['unknown', 'equal', 'near', 'similar', 'different'] as const

/**
 * The levels at which two registrations may stand to each other in each field. A level is a place in its list; 0 is
 * always that a side has nothing to compare. Models name levels by these words.
 */
export const LEVELS = {
  surname: [
    'unknown',
    /** Kanji of one variant class, readings equal, near or missing; or both equal. */
    'equal',
    /** Kanji often taken for each other (斉, 斎), and equal readings. */
    'confusable',
    /** Equal readings, where the kanji of a side are missing or could not be read. */
    'kana',
    /** Equal kanji, another reading. */
    'otherReading',
    /** Equal readings, other kanji. */
    'otherKanji',
    /** Equal by a name that a side records as former. */
    'former',
    /** Readings one letter apart (ナカジマ, ナカシマ), and no kanji to compare. */
    'near',
    /** Latin letters, more than one apart and still much alike (Jaro-Winkler). */
    'similar',
    'different',
    /** As `different`, between women: many change it when they marry. */
    'differentOfWomen',
  ],
  given: [
    'unknown',
    /** Kanji of one variant class and equal readings. */
    'equal',
    /** Equal kanji, where a reading is missing or one letter apart. */
    'kanji',
    'kana',
    'confusable',
    'otherReading',
    'otherKanji',
    /** Readings one letter apart, and no kanji to compare. */
    'near',
    'similar',
    /** Given name and surname are in each other's place. */
    'swapped',
    'different',
  ],
  birthDate: [
    'unknown',
    'equal',
    /** Equal, and 1 January, which is also what is entered where the day is not known. */
    'newYear',
    /** A side is known to the month or year, or is a filler, and agrees that far. */
    'partial',
    'oneDigit',
    /** The years are as far apart as eras taken for each other. */
    'era',
    'onePart',
    'monthAndDaySwapped',
    'sameYear',
    'different',
  ],
  sex: ['unknown', 'equal', 'different'],
  insured: [
    'unknown',
    /** Number and branch, or a number that is one person's own. */
    'person',
    /** The number, and a branch is missing. */
    'household',
    'otherBranch',
    /** Insurer and number, not the symbol. */
    'loose',
    'different',
    /** The same number, which is no evidence: a filler or a wrong check digit. */
    'filler',
  ],
  address: [
    'unknown',
    /** Down to the room. */
    'room',
    /** Down to 番地. */
    'lot',
    'town',
    'city',
    'different',
  ],
  mobile: ['unknown', 'equal', 'different'],
  landline: ['unknown', 'equal', 'different'],
  care: ['unknown', 'equal', 'different'],
  payer: ['unknown', 'equal', 'different'],
  national: ['unknown', 'equal', 'different'],
  email: ['unknown', 'equal', 'different'],
  ...{ text1: TEXT_LEVELS, text2: TEXT_LEVELS, text3: TEXT_LEVELS, text4: TEXT_LEVELS },
  ...{ text5: TEXT_LEVELS, text6: TEXT_LEVELS, text7: TEXT_LEVELS, text8: TEXT_LEVELS },
} as const

export type Field = keyof typeof LEVELS
export type LevelName<F extends Field = Field> = (typeof LEVELS)[F][number]

export const FIELDS = Object.keys(LEVELS) as Field[]

/** Levels as numbers: `SURNAME.equal` is 1. */
export const SURNAME = placesOf(LEVELS.surname)
export const GIVEN = placesOf(LEVELS.given)
export const BIRTH_DATE = placesOf(LEVELS.birthDate)
export const SEX = placesOf(LEVELS.sex)
export const INSURED = placesOf(LEVELS.insured)
export const ADDRESS_LEVEL = placesOf(LEVELS.address)
export const TEXT = placesOf(TEXT_LEVELS)
export const TEXTS = FIELDS.filter((field) => field.startsWith('text'))
/** Of every field that is only equal or not. */
export const VALUE = placesOf(LEVELS.mobile)

function placesOf<const Names extends readonly string[]>(names: Names): Record<Names[number], number> {
  return Object.fromEntries(names.map((name, at) => [name, at])) as Record<Names[number], number>
}

/** How two registrations stand to each other. One object is written over and over, so that bulk allocates nothing. */
export interface Comparison extends Record<Field, number> {
  /** The words whose frequency counts, 0 where none does. */
  surnameWord: number
  givenWord: number
  /** Kanji and kana of both parts are there on both sides and agree. */
  isFullName: boolean
  /** The number that they share is shared by people of other given names and the same birth date. */
  isTwinNumber: boolean
}

export function emptyComparison(): Comparison {
  return {
    ...{ surname: 0, given: 0, birthDate: 0, sex: 0, insured: 0, address: 0, mobile: 0, landline: 0 },
    ...{ care: 0, payer: 0, national: 0, email: 0 },
    ...{ text1: 0, text2: 0, text3: 0, text4: 0, text5: 0, text6: 0, text7: 0, text8: 0 },
    ...{ surnameWord: 0, givenWord: 0, isFullName: false, isTwinNumber: false },
  }
}
