import { placesOf } from './compare-addresses.ts'
import { namesOf } from './compare-names.ts'
import { entriesOf } from './extras.ts'
import { type Hash, mixInto } from './hash.ts'
import type { KeyedColumns } from './keyed-columns.ts'
import {
  ADDRESS,
  BIRTH,
  dayOf,
  EXTRA,
  EXTRAS,
  FAMILY_KANA,
  FAMILY_KANJI,
  FAMILY_LATIN,
  FLAGS,
  GIVEN_KANA,
  GIVEN_KANJI,
  GIVEN_LATIN,
  IS_GENERAL,
  IS_SOUND,
  LOT,
  MOBILE,
  NAME,
  NUMBER,
  NUMBER_MARKS,
  TOWN,
  TOWN_KEY,
} from './rows.ts'

const NAME_SCRIPTS = [
  [FAMILY_KANJI, GIVEN_KANJI],
  [FAMILY_KANA, GIVEN_KANA],
  [FAMILY_LATIN, GIVEN_LATIN],
] as const

/** Writes each key of the registration whose row starts at `row` into `key`, and calls `emit`. */
export type Pass = (columns: KeyedColumns, row: number, key: Hash, emit: () => void) => void

/**
 * Who is worth comparing, pass by pass: whoever shares a key of a pass. Each pass bears another kind of error, and a
 * pair that none brings together differs in so much that no rule and no score would link it.
 */
export const SEARCH_PASSES = {
  number({ rows, extras }, row, key, emit) {
    emitNumber(rows, row + NUMBER, key, emit)
    const start = rows[row + EXTRAS] as number
    if (start === 0) return
    for (const at of entriesOf(extras, start, EXTRA.formerNumber)) emitNumber(extras, at, key, emit)
  },
  givenReading: byNameAndDay(GIVEN_KANA, GIVEN_LATIN),
  givenKanji: byNameAndDay(GIVEN_KANJI, GIVEN_KANJI),
  surnameReading: byNameAndDay(FAMILY_KANA, FAMILY_LATIN),
  surnameKanji: byNameAndDay(FAMILY_KANJI, FAMILY_KANJI),
  readingAndTown: byNameAndTown(FAMILY_KANA, GIVEN_KANA),
  kanjiAndTown: byNameAndTown(FAMILY_KANJI, GIVEN_KANJI),
  lotAndDay(columns, row, key, emit) {
    const day = wholeDay(columns, row)
    if (day === 0) return
    const { rows, extras } = columns
    emitWords(columns, rows[row + ADDRESS + LOT] as number, day, key, emit)
    const start = rows[row + EXTRAS] as number
    if (start === 0) return
    for (const at of entriesOf(extras, start, EXTRA.formerAddress)) {
      emitWords(columns, extras[at + LOT] as number, day, key, emit)
    }
  },
  mobile({ rows, extras }, row, key, emit) {
    emitHash(rows, row + MOBILE, key, emit)
    emitValues(extras, rows[row + EXTRAS] as number, EXTRA.mobile, key, emit)
  },
  personalNumber({ rows, extras }, row, key, emit) {
    const start = rows[row + EXTRAS] as number
    if (start === 0) return
    emitValues(extras, start, EXTRA.care, key, emit)
    emitValues(extras, start, EXTRA.payer, key, emit)
    emitValues(extras, start, EXTRA.email, key, emit)
    for (const at of entriesOf(extras, start, EXTRA.national)) emitHash(extras, at + 1, key, emit)
  },
} as const satisfies Record<string, Pass>

/** Further keys of general data, of which more may be missing or wrong and which have other columns. */
export const GENERAL_PASSES = {
  surnameAndText: byNameAndText(FAMILY_LATIN),
  givenAndText: byNameAndText(GIVEN_LATIN),
  textAndDay(columns, row, key, emit) {
    const day = wholeDay(columns, row)
    if (day !== 0) emitTexts(columns, row, day, 0, key, emit)
  },
  wholeNameAlone(columns, row, key, emit) {
    const { rows } = columns
    if (((rows[row + FLAGS] as number) & IS_GENERAL) === 0) return
    for (const [family, given] of NAME_SCRIPTS) {
      const surname = rows[row + NAME + family] as number
      if (surname !== 0) emitWords(columns, rows[row + NAME + given] as number, 0, key, emit, surname)
    }
  },
  textAlone(columns, row, key, emit) {
    emitTexts(columns, row, 0, 0, key, emit)
  },
} as const satisfies Record<string, Pass>

/**
 * The keys from which a release rule can fire, and no others: every rule needs an equal birth date, and a number (A1,
 * A2), a key (A0), a lot (A3, A5), a mobile (A3, A5) or the full name (A4). So whoever is linked by itself, and
 * whoever may not be in the same cluster with them, is found by these; and a name that many share costs nothing.
 */
export const RELEASE_PASSES = {
  numberAndDay: withDay(SEARCH_PASSES.number),
  lotAndDay: SEARCH_PASSES.lotAndDay,
  mobileAndDay: withDay(SEARCH_PASSES.mobile),
  personalNumberAndDay: withDay(SEARCH_PASSES.personalNumber),
  readingAndDay(columns, row, key, emit) {
    const day = wholeDay(columns, row)
    if (day === 0) return
    for (const { from, at } of namesOf(columns, row)) {
      const [family, given] = [from[at + FAMILY_KANA] as number, from[at + GIVEN_KANA] as number]
      if (family !== 0) emitWords(columns, given, day, key, emit, family)
    }
  },
} as const satisfies Record<string, Pass>

function withDay(pass: Pass): Pass {
  return (columns, row, key, emit) => {
    const day = wholeDay(columns, row)
    if (day === 0) return
    pass(columns, row, key, () => {
      mixInto(key, day, 0)
      emit()
    })
  }
}

/** Any of the names that somebody has; `instead` where the script is missing. */
function byNameAndDay(part: number, instead: number): Pass {
  const emitName = (
    columns: KeyedColumns,
    from: Uint32Array,
    at: number,
    day: number,
    key: Hash,
    emit: () => void,
  ) => {
    const word = (from[at + part] as number) || (from[at + instead] as number)
    if (columns.words.unreadable[word] === 0) emitWords(columns, word, day, key, emit)
  }
  return (columns, row, key, emit) => {
    const day = wholeDay(columns, row)
    if (day === 0) return
    const { rows, extras } = columns
    emitName(columns, rows, row + NAME, day, key, emit)
    const start = rows[row + EXTRAS] as number
    if (start === 0) return
    for (const at of entriesOf(extras, start, EXTRA.otherName)) {
      emitName(columns, extras, at + 1, day, key, emit)
    }
  }
}

/** Without the birth date, so that an error in it does not hide the pair. */
function byNameAndTown(family: number, given: number): Pass {
  return (columns, row, key, emit) => {
    const { rows } = columns
    if (rows[row + EXTRAS] === 0) {
      const town = townAt(rows, row + ADDRESS)
      const surname = rows[row + NAME + family] as number
      if (town !== 0 && surname !== 0) {
        emitWords(columns, rows[row + NAME + given] as number, 0, key, emit, surname, town)
      }
      return
    }
    for (const place of placesOf(columns, row)) {
      const town = townAt(place.from, place.at)
      for (const { from, at } of namesOf(columns, row)) {
        const surname = from[at + family] as number
        if (town === 0 || surname === 0) continue
        emitWords(columns, from[at + given] as number, 0, key, emit, surname, town)
      }
    }
  }
}

function byNameAndText(part: number): Pass {
  return (columns, row, key, emit) => {
    const name = columns.rows[row + NAME + part] as number
    if (name !== 0) emitTexts(columns, row, 0, name, key, emit)
  }
}

function emitTexts(
  columns: KeyedColumns,
  row: number,
  day: number,
  name: number,
  key: Hash,
  emit: () => void,
): void {
  const { rows, extras } = columns
  const start = rows[row + EXTRAS] as number
  if (start === 0) return
  for (const at of entriesOf(extras, start, EXTRA.text)) {
    // The column is part of the key: a town in one is no town in another.
    emitWords(columns, extras[at + 1] as number, day * 8 + (extras[at] as number), key, emit, name)
  }
}

function townAt(from: Uint32Array, at: number): number {
  return (from[at + TOWN_KEY] as number) || (from[at + TOWN] as number)
}

/** 0 where the birth date is missing or partial. */
function wholeDay({ rows }: KeyedColumns, row: number): number {
  const date = rows[row + BIRTH] as number
  return dayOf(date) === 0 ? 0 : date
}

function emitNumber(from: Uint32Array, at: number, key: Hash, emit: () => void): void {
  if (((from[at + NUMBER_MARKS] as number) & IS_SOUND) !== 0) emitHash(from, at, key, emit)
}

function emitValues(extras: Uint32Array, start: number, kind: number, key: Hash, emit: () => void): void {
  if (start === 0) return
  for (const at of entriesOf(extras, start, kind)) emitHash(extras, at, key, emit)
}

function emitHash(from: Uint32Array, at: number, key: Hash, emit: () => void): void {
  key.high = from[at] as number
  key.low = from[at + 1] as number
  if (key.high !== 0 || key.low !== 0) emit()
}

/** Nothing for a word that is missing; up to two more words stand beside it. */
function emitWords(
  columns: KeyedColumns,
  word: number,
  day: number,
  key: Hash,
  emit: () => void,
  second = 0,
  third = 0,
): void {
  if (word === 0) return
  key.high = day
  key.low = 0
  if (third !== 0) mixWord(columns, third, key)
  if (second !== 0) mixWord(columns, second, key)
  mixWord(columns, word, key)
  emit()
}

/** Confusable kanji have one key. */
function mixWord({ words }: KeyedColumns, id: number, key: Hash): void {
  const form = words.confusable[id] as number
  mixInto(key, words.high[form] as number, words.low[form] as number)
}
