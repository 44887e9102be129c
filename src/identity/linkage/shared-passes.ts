import type { Columns } from './columns.ts'
import {
  ADDRESS,
  BIRTH,
  dayOf,
  FAMILY_KANA,
  FAMILY_KANJI,
  FAMILY_LATIN,
  GIVEN_KANA,
  GIVEN_KANJI,
  GIVEN_LATIN,
  IS_SOUND,
  LOT,
  MOBILE,
  NUMBER,
  NUMBER_MARKS,
  TOWN,
  TOWN_KEY,
} from './rows.ts'

type Shares = (columns: Columns, rowA: number, rowB: number) => boolean

/**
 * Whether two registrations share the key of a pass, as `SEARCH_PASSES` makes it, in the same order: so that a pair is
 * judged in the first pass that brings it together and no other. Only by what lies in the rows: a pair that shares
 * former names or numbers may be judged twice, which costs time and changes nothing.
 */
export const SHARES: readonly Shares[] = [
  ({ rows }, rowA, rowB) =>
    rows[rowA + NUMBER] === rows[rowB + NUMBER] &&
    rows[rowA + NUMBER + 1] === rows[rowB + NUMBER + 1] &&
    ((rows[rowA + NUMBER + NUMBER_MARKS] as number) &
      (rows[rowB + NUMBER + NUMBER_MARKS] as number) &
      IS_SOUND) !==
      0,
  nameAndDay(GIVEN_KANA, GIVEN_LATIN),
  nameAndDay(GIVEN_KANJI, GIVEN_KANJI),
  nameAndDay(FAMILY_KANA, FAMILY_LATIN),
  nameAndDay(FAMILY_KANJI, FAMILY_KANJI),
  nameAndTown(FAMILY_KANA, GIVEN_KANA),
  nameAndTown(FAMILY_KANJI, GIVEN_KANJI),
  (columns, rowA, rowB) =>
    isOneDay(columns, rowA, rowB) && isOneForm(columns, rowA + ADDRESS + LOT, rowB + ADDRESS + LOT),
  ({ rows }, rowA, rowB) =>
    rows[rowA + MOBILE] === rows[rowB + MOBILE] &&
    rows[rowA + MOBILE + 1] === rows[rowB + MOBILE + 1] &&
    (rows[rowA + MOBILE] !== 0 || rows[rowA + MOBILE + 1] !== 0),
]

function nameAndDay(part: number, instead: number): Shares {
  return (columns, rowA, rowB) => {
    if (!isOneDay(columns, rowA, rowB)) return false
    const { rows, words } = columns
    const a = (rows[rowA + part] as number) || (rows[rowA + instead] as number)
    const b = (rows[rowB + part] as number) || (rows[rowB + instead] as number)
    return a !== 0 && words.unreadable[a] === 0 && words.unreadable[b] === 0 && isForm(columns, a, b)
  }
}

function nameAndTown(family: number, given: number): Shares {
  return (columns, rowA, rowB) => {
    const { rows } = columns
    const [atA, atB] = [rowA + ADDRESS, rowB + ADDRESS]
    const townA = (rows[atA + TOWN_KEY] as number) || (rows[atA + TOWN] as number)
    const townB = (rows[atB + TOWN_KEY] as number) || (rows[atB + TOWN] as number)
    return (
      townA !== 0 &&
      isForm(columns, townA, townB) &&
      isOneForm(columns, rowA + family, rowB + family) &&
      isOneForm(columns, rowA + given, rowB + given)
    )
  }
}

function isOneDay({ rows }: Columns, rowA: number, rowB: number): boolean {
  const day = rows[rowA + BIRTH] as number
  return day === rows[rowB + BIRTH] && dayOf(day) !== 0
}

function isOneForm(columns: Columns, atA: number, atB: number): boolean {
  const a = columns.rows[atA] as number
  return a !== 0 && isForm(columns, a, columns.rows[atB] as number)
}

function isForm({ words }: Columns, a: number, b: number): boolean {
  return b !== 0 && words.confusable[a] === words.confusable[b]
}
