import type { Columns } from './columns.ts'
import { entriesOf } from './extras.ts'
import { type Comparison, GIVEN, SURNAME } from './levels.ts'
import {
  EXTRA,
  EXTRAS,
  FAMILY_KANA,
  FAMILY_KANJI,
  FAMILY_LATIN,
  GIVEN_KANA,
  GIVEN_KANJI,
  GIVEN_LATIN,
} from './rows.ts'
import { textOf } from './words.ts'

/** Family and given name of each script: kanji, kana, Latin, as `EXTRA.whole` lists them. */
const SCRIPTS = [
  [FAMILY_KANJI, GIVEN_KANJI],
  [FAMILY_KANA, GIVEN_KANA],
  [FAMILY_LATIN, GIVEN_LATIN],
] as const

/**
 * A name sent as one string was split by guess, or stands whole in the place of the surname. Where it is the other's
 * two parts in one, in every script that both have, both parts agree.
 */
export function compareWhole(columns: Columns, rowA: number, rowB: number, into: Comparison): void {
  if (into.given === GIVEN.equal) return
  const [isWholeA, isWholeB] = [isWhole(columns, rowA), isWhole(columns, rowB)]
  if (!isWholeA && !isWholeB) return
  const agreements = SCRIPTS.map((_, script) => {
    const [a, b] = [wholeName(columns, rowA, script), wholeName(columns, rowB, script)]
    return a === '' || b === '' ? undefined : a === b
  })
  const [kanji, kana, latin] = agreements
  if (agreements.includes(false) || !agreements.includes(true)) return
  // Two surnames without a given name are no whole names, though each stands alone.
  if (!hasGivenName(columns, rowA) && !hasGivenName(columns, rowB)) return
  into.surname = kanji === true ? SURNAME.equal : SURNAME.kana
  into.given = kanji === true ? (kana === true ? GIVEN.equal : GIVEN.kanji) : GIVEN.kana
  into.isFullName = kanji === true && kana === true && latin !== false
  into.surnameWord = 0
  into.givenWord = 0
}

function isWhole(columns: Columns, row: number): boolean {
  if (!hasGivenName(columns, row)) return true
  const { rows, extras } = columns
  for (const _ of entriesOf(extras, rows[row + EXTRAS] as number, EXTRA.whole)) return true
  return false
}

function hasGivenName({ rows }: Columns, row: number): boolean {
  return rows[row + GIVEN_KANJI] !== 0 || rows[row + GIVEN_KANA] !== 0 || rows[row + GIVEN_LATIN] !== 0
}

/** As it was sent whole, or both parts in one; empty where there is neither. */
function wholeName(columns: Columns, row: number, script: number): string {
  const { rows, extras, words } = columns
  for (const at of entriesOf(extras, rows[row + EXTRAS] as number, EXTRA.whole)) {
    return textOf(words, extras[at + script] as number).replaceAll(' ', '')
  }
  const [family, given] = SCRIPTS[script] as (typeof SCRIPTS)[number]
  const [surname, givenName] = [rows[row + family] as number, rows[row + given] as number]
  if (surname === 0 || (givenName === 0 && hasGivenName(columns, row))) return ''
  return (textOf(words, surname) + textOf(words, givenName)).replaceAll(' ', '')
}
