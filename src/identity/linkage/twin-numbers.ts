import type { Columns } from './columns.ts'
import { compareNames } from './compare-names.ts'
import { isSameNumber, numbersOf } from './compare-numbers.ts'
import { emptyComparison, GIVEN } from './levels.ts'
import { isSyntheticAt } from './models.ts'
import { BIRTH, dayOf, IS_SOUND, IS_TWIN_NUMBER, NUMBER_MARKS, ROW_WORDS } from './rows.ts'

/** More than one household has: a number that so many share tells nobody apart. */
const HOUSEHOLD_MAX = 64

/**
 * Marks the numbers under which people of one birth date and different given names are registered: twins, whom a
 * number without its branch does not tell apart (A2). A fact of the whole set, so it is found before pairs are judged.
 */
export function markTwinNumbers(columns: Columns): void {
  const holders = new Map<string, Set<number>>()
  for (let place = 0; place < columns.count; place++) {
    const world = isSyntheticAt(columns, place) ? 1 : 0
    for (const { from, at } of numbersOf(columns, place * ROW_WORDS)) {
      if (((from[at + NUMBER_MARKS] as number) & IS_SOUND) === 0) continue
      const key = `${from[at]} ${from[at + 1]} ${world}`
      holders.set(key, (holders.get(key) ?? new Set()).add(place))
    }
  }
  for (const places of holders.values()) markTwinsAmong(columns, [...places], 0, places.size)
}

/** As `markTwinNumbers`, for registrations that share a number: those at `from` up to `to` in `places`. */
export function markTwinsAmong(columns: Columns, places: ArrayLike<number>, from: number, to: number): void {
  for (let a = from; a < to; a++) {
    const rowA = (places[a] as number) * ROW_WORDS
    for (let b = a + 1; b < to; b++) {
      const rowB = (places[b] as number) * ROW_WORDS
      if (!isOneBirthDate(columns, rowA, rowB)) continue
      if (to - from > HOUSEHOLD_MAX || isOtherGivenName(columns, rowA, rowB)) markShared(columns, rowA, rowB)
    }
  }
}

function isOneBirthDate({ rows }: Columns, rowA: number, rowB: number): boolean {
  const day = rows[rowA + BIRTH] as number
  return day === rows[rowB + BIRTH] && dayOf(day) !== 0
}

/** Written over by each comparison. */
const levels = emptyComparison()

function isOtherGivenName(columns: Columns, rowA: number, rowB: number): boolean {
  compareNames(columns, rowA, rowB, levels)
  return levels.given === GIVEN.different || levels.given === GIVEN.near || levels.given === GIVEN.otherKanji
}

function markShared(columns: Columns, rowA: number, rowB: number): void {
  for (const a of numbersOf(columns, rowA)) {
    for (const b of numbersOf(columns, rowB)) {
      if (!isSameNumber(a.from, a.at, b.from, b.at)) continue
      a.from[a.at + NUMBER_MARKS] = (a.from[a.at + NUMBER_MARKS] as number) | IS_TWIN_NUMBER
      b.from[b.at + NUMBER_MARKS] = (b.from[b.at + NUMBER_MARKS] as number) | IS_TWIN_NUMBER
    }
  }
}
