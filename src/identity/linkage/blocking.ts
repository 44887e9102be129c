import type { Columns } from './columns.ts'
import { placesOf } from './compare-addresses.ts'
import { namesOf } from './compare-names.ts'
import { numbersOf } from './compare-numbers.ts'
import { entriesOf } from './extras.ts'
import { type Hash, mixInto } from './hash.ts'
import {
  BIRTH,
  dayOf,
  EXTRA,
  EXTRAS,
  FAMILY_KANA,
  FAMILY_KANJI,
  FAMILY_LATIN,
  GIVEN_KANA,
  GIVEN_KANJI,
  GIVEN_LATIN,
  IS_SOUND,
  LOT,
  MOBILE,
  NUMBER_MARKS,
  TOWN,
  TOWN_KEY,
} from './rows.ts'

/** Writes each key of the registration whose row starts at `row` into `key`, and calls `emit`. */
export type Pass = (columns: Columns, row: number, key: Hash, emit: () => void) => void

/**
 * Who is worth comparing, pass by pass: whoever shares a key of a pass. Each pass bears another kind of error, and a
 * pair that none brings together differs in so much that no rule and no score would link it.
 */
export const SEARCH_PASSES = {
  number(columns, row, key, emit) {
    for (const { from, at } of numbersOf(columns, row)) {
      if (((from[at + NUMBER_MARKS] as number) & IS_SOUND) === 0) continue
      start(key, from[at] as number, from[at + 1] as number)
      emit()
    }
  },
  givenReading: byNameAndDay(GIVEN_KANA, GIVEN_LATIN),
  givenKanji: byNameAndDay(GIVEN_KANJI),
  surnameReading: byNameAndDay(FAMILY_KANA, FAMILY_LATIN),
  surnameKanji: byNameAndDay(FAMILY_KANJI),
  readingAndTown: byNameAndTown(FAMILY_KANA, GIVEN_KANA),
  kanjiAndTown: byNameAndTown(FAMILY_KANJI, GIVEN_KANJI),
  lotAndDay(columns, row, key, emit) {
    const day = wholeDay(columns, row)
    if (day === 0) return
    for (const { from, at } of placesOf(columns, row)) {
      if (from[at + LOT] === 0) continue
      start(key, day, 0)
      mixWord(columns, from[at + LOT] as number, key)
      emit()
    }
  },
  mobile({ rows, extras }, row, key, emit) {
    start(key, rows[row + MOBILE] as number, rows[row + MOBILE + 1] as number)
    if (key.high !== 0 || key.low !== 0) emit()
    for (const at of entriesOf(extras, rows[row + EXTRAS] as number, EXTRA.mobile)) {
      start(key, extras[at] as number, extras[at + 1] as number)
      emit()
    }
  },
  personalNumber({ rows, extras }, row, key, emit) {
    const from = rows[row + EXTRAS] as number
    for (const kind of [EXTRA.care, EXTRA.payer, EXTRA.email]) {
      for (const at of entriesOf(extras, from, kind)) {
        start(key, extras[at] as number, extras[at + 1] as number)
        emit()
      }
    }
    for (const at of entriesOf(extras, from, EXTRA.national)) {
      start(key, extras[at + 1] as number, extras[at + 2] as number)
      emit()
    }
  },
} as const satisfies Record<string, Pass>

/**
 * The keys from which a release rule can fire, and no others: every rule needs an equal birth date, and a number (A1,
 * A2), a key (A0), a lot (A3, A5), a mobile (A3) or the full name (A4). So whoever is linked by itself, and whoever
 * may not be in the same cluster with them, is found by these; and a name that many share costs nothing.
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
      if (from[at + FAMILY_KANA] === 0 || from[at + GIVEN_KANA] === 0) continue
      start(key, day, 0)
      mixWord(columns, from[at + FAMILY_KANA] as number, key)
      mixWord(columns, from[at + GIVEN_KANA] as number, key)
      emit()
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
function byNameAndDay(part: number, instead = part): Pass {
  return (columns, row, key, emit) => {
    const day = wholeDay(columns, row)
    if (day === 0) return
    for (const { from, at } of namesOf(columns, row)) {
      const word = (from[at + part] as number) || (from[at + instead] as number)
      if (word === 0 || columns.words.unreadable[word] === 1) continue
      start(key, day, 0)
      mixWord(columns, word, key)
      emit()
    }
  }
}

/** Without the birth date, so that an error in it does not hide the pair. */
function byNameAndTown(family: number, given: number): Pass {
  return (columns, row, key, emit) => {
    for (const place of placesOf(columns, row)) {
      const town = (place.from[place.at + TOWN_KEY] as number) || (place.from[place.at + TOWN] as number)
      if (town === 0) continue
      for (const { from, at } of namesOf(columns, row)) {
        if (from[at + family] === 0 || from[at + given] === 0) continue
        start(key, 0, 0)
        mixWord(columns, town, key)
        mixWord(columns, from[at + family] as number, key)
        mixWord(columns, from[at + given] as number, key)
        emit()
      }
    }
  }
}

/** 0 where the birth date is missing or partial. */
function wholeDay({ rows }: Columns, row: number): number {
  const date = rows[row + BIRTH] as number
  return dayOf(date) === 0 ? 0 : date
}

function start(key: Hash, high: number, low: number): void {
  key.high = high
  key.low = low
}

/** Confusable kanji have one key. */
function mixWord({ words }: Columns, id: number, key: Hash): void {
  const form = words.confusable[id] as number
  mixInto(key, words.high[form] as number, words.low[form] as number)
}
