import type { Columns } from './columns.ts'
import { compareWhole } from './compare-whole-names.ts'
import { entriesOf } from './extras.ts'
import type { KeyedColumns } from './keyed-columns.ts'
import { type Comparison, GIVEN, SURNAME } from './levels.ts'
import {
  EXTRA,
  EXTRAS,
  FAMILY_KANA,
  FAMILY_KANJI,
  FAMILY_LATIN,
  FORMER_NAME,
  GIVEN_KANA,
  GIVEN_KANJI,
  GIVEN_LATIN,
  NAME,
} from './rows.ts'
import { isSimilar } from './similar-text.ts'
import { agreeWhereReadable, isOneEdit, lengthOf, type Words } from './words.ts'

/** A reading of two letters has too many neighbours: アキ, アミ, アヤ. */
const NEAR_LETTERS_MIN = 3

const NOTHING = 0
const SAME = 1
const CONFUSABLE = 2
const NEAR = 3
const OTHER = 4
const ALIKE = 5

/** Everybody has a set of names, and the best pair counts: a former name, the 通称, the name in Latin letters. */
export function compareNames(columns: Columns, rowA: number, rowB: number, into: Comparison): void {
  const { rows, words } = columns
  compareName(words, rows, rowA + NAME, rows, rowB + NAME, into)
  if (into.surname === SURNAME.different && into.given === GIVEN.different) {
    compareSwapped(words, rows, rowA, rowB, into)
  }
  if (rows[rowA + EXTRAS] !== 0 || rows[rowB + EXTRAS] !== 0) compareOtherNames(columns, rowA, rowB, into)
  compareWhole(columns, rowA, rowB, into)
}

/** Compares one name with another, wherever they lie: in a row or among extras. */
function compareName(
  words: Words,
  a: Uint32Array,
  atA: number,
  b: Uint32Array,
  atB: number,
  into: Comparison,
): void {
  const familyKanji = a[atA + FAMILY_KANJI] as number
  const familyKana = a[atA + FAMILY_KANA] as number
  const givenKanji = a[atA + GIVEN_KANJI] as number
  const givenKana = a[atA + GIVEN_KANA] as number
  const familyByKanji = kanjiAgreement(words, familyKanji, b[atB + FAMILY_KANJI] as number)
  const familyByKana = kanaAgreement(words, familyKana, b[atB + FAMILY_KANA] as number)
  const givenByKanji = kanjiAgreement(words, givenKanji, b[atB + GIVEN_KANJI] as number)
  const givenByKana = kanaAgreement(words, givenKana, b[atB + GIVEN_KANA] as number)
  into.surname = surnameLevel(familyByKanji, familyByKana)
  into.given = givenLevel(givenByKanji, givenByKana)
  into.surnameWord = familyByKanji === SAME ? familyKanji : familyByKana === SAME ? familyKana : 0
  into.givenWord = givenByKanji === SAME ? givenKanji : givenByKana === SAME ? givenKana : 0
  into.isFullName =
    familyByKanji === SAME && familyByKana === SAME && givenByKanji === SAME && givenByKana === SAME
  if (into.surname === SURNAME.unknown) {
    const latin = a[atA + FAMILY_LATIN] as number
    const agreement = latinAgreement(words, latin, b[atB + FAMILY_LATIN] as number)
    into.surname = agreement === ALIKE ? SURNAME.similar : surnameLevel(NOTHING, agreement)
    into.surnameWord = agreement === SAME ? latin : 0
  }
  if (into.given === GIVEN.unknown) {
    const latin = a[atA + GIVEN_LATIN] as number
    const agreement = latinAgreement(words, latin, b[atB + GIVEN_LATIN] as number)
    into.given = agreement === ALIKE ? GIVEN.similar : givenLevel(NOTHING, agreement)
    into.givenWord = agreement === SAME ? latin : 0
  }
}

function kanjiAgreement(words: Words, a: number, b: number): number {
  if (a === 0 || b === 0) return NOTHING
  if (words.unreadable[a] === 1 || words.unreadable[b] === 1) {
    return agreeWhereReadable(words, a, b) ? NOTHING : OTHER
  }
  if (a === b) return SAME
  return words.confusable[a] === words.confusable[b] ? CONFUSABLE : OTHER
}

function kanaAgreement(words: Words, a: number, b: number): number {
  if (a === 0 || b === 0) return NOTHING
  if (a === b) return SAME
  const isLong = lengthOf(words, a) >= NEAR_LETTERS_MIN && lengthOf(words, b) >= NEAR_LETTERS_MIN
  return isLong && isOneEdit(words, a, b) ? NEAR : OTHER
}

function latinAgreement(words: Words, a: number, b: number): number {
  const agreement = kanaAgreement(words, a, b)
  return agreement === OTHER && isSimilar(words, a, b) ? ALIKE : agreement
}

function surnameLevel(kanji: number, kana: number): number {
  if (kanji === SAME) return kana === OTHER ? SURNAME.otherReading : SURNAME.equal
  if (kana === SAME) {
    if (kanji === NOTHING) return SURNAME.kana
    return kanji === CONFUSABLE ? SURNAME.confusable : SURNAME.otherKanji
  }
  if (kanji !== NOTHING) return SURNAME.different
  if (kana === NOTHING) return SURNAME.unknown
  return kana === NEAR ? SURNAME.near : SURNAME.different
}

function givenLevel(kanji: number, kana: number): number {
  if (kanji === SAME) {
    if (kana === SAME) return GIVEN.equal
    return kana === OTHER ? GIVEN.otherReading : GIVEN.kanji
  }
  if (kana === SAME) {
    if (kanji === NOTHING) return GIVEN.kana
    return kanji === CONFUSABLE ? GIVEN.confusable : GIVEN.otherKanji
  }
  if (kanji === NOTHING && kana === NOTHING) return GIVEN.unknown
  return kanji === NOTHING && kana === NEAR ? GIVEN.near : GIVEN.different
}

/** 姓名逆: the parts agree crosswise in a script that both have, and in no script differ. */
function compareSwapped(words: Words, rows: Uint32Array, rowA: number, rowB: number, into: Comparison): void {
  const agrees = (family: number, given: number) => {
    const kanji = kanjiAgreement(
      words,
      rows[family + FAMILY_KANJI] as number,
      rows[given + GIVEN_KANJI] as number,
    )
    const kana = kanaAgreement(
      words,
      rows[family + FAMILY_KANA] as number,
      rows[given + GIVEN_KANA] as number,
    )
    if (kanji === NOTHING && kana === NOTHING) {
      const [latinA, latinB] = [rows[family + FAMILY_LATIN] as number, rows[given + GIVEN_LATIN] as number]
      return latinA !== 0 && latinA === latinB
    }
    return (kanji === SAME || kanji === NOTHING) && (kana === SAME || kana === NOTHING)
  }
  if (!agrees(rowA, rowB) || !agrees(rowB, rowA)) return
  into.surname = SURNAME.unknown
  into.given = GIVEN.swapped
  into.surnameWord = 0
  into.givenWord = 0
}

export interface Name {
  from: Uint32Array
  at: number
  isFormer: boolean
}

function compareOtherNames(columns: Columns, rowA: number, rowB: number, into: Comparison): void {
  const [namesA, namesB] = [namesOf(columns, rowA), namesOf(columns, rowB)]
  const trial = { ...into }
  for (const a of namesA) {
    for (const b of namesB) {
      if (a.from === columns.rows && b.from === columns.rows) continue
      compareName(columns.words, a.from, a.at, b.from, b.at, trial)
      if (a.isFormer || b.isFormer) asFormer(trial)
      if (isBetter(columns.words, trial, into)) take(trial, into)
    }
  }
}

export function namesOf({ rows, extras }: KeyedColumns, row: number): Name[] {
  const names: Name[] = [{ from: rows, at: row + NAME, isFormer: false }]
  for (const at of entriesOf(extras, rows[row + EXTRAS] as number, EXTRA.otherName)) {
    names.push({ from: extras, at: at + 1, isFormer: extras[at] === FORMER_NAME })
  }
  return names
}

/** A surname that a side no longer bears says less than one that both bear. */
function asFormer(trial: Comparison): void {
  const isSame = trial.surname === SURNAME.equal || trial.surname === SURNAME.kana
  if (isSame) trial.surname = SURNAME.former
  trial.isFullName = false
}

/** Levels are listed from the strongest down; ties are broken by the words themselves, so that sides don't matter. */
function isBetter(words: Words, a: Comparison, b: Comparison): boolean {
  const rank = (level: number) => (level === 0 ? Number.POSITIVE_INFINITY : level)
  const byGiven = rank(b.given) - rank(a.given)
  if (byGiven !== 0 && !Number.isNaN(byGiven)) return byGiven > 0
  const bySurname = rank(b.surname) - rank(a.surname)
  if (bySurname !== 0 && !Number.isNaN(bySurname)) return bySurname > 0
  const hashOf = ({ surnameWord, givenWord }: Comparison) =>
    (words.low[givenWord] as number) * 2 ** 20 + (words.low[surnameWord] as number) / 2 ** 12
  return hashOf(a) > hashOf(b)
}

function take(from: Comparison, into: Comparison): void {
  into.surname = from.surname
  into.given = from.given
  into.surnameWord = from.surnameWord
  into.givenWord = from.givenWord
  into.isFullName = from.isFullName
}
