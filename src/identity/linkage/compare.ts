import type { Columns } from './columns.ts'
import { addressLevel } from './compare-addresses.ts'
import { birthDateLevel } from './compare-birth-dates.ts'
import { compareNames } from './compare-names.ts'
import { compareNumbers } from './compare-numbers.ts'
import { compareTexts } from './compare-texts.ts'
import { entriesOf } from './extras.ts'
import { type Comparison, SEX, SURNAME, VALUE } from './levels.ts'
import { BIRTH, EXTRA, EXTRAS, FLAGS, MOBILE, ROW_WORDS, SEX_MASK } from './rows.ts'

const FEMALE = 2

/** Compares registration `a` with `b`, field by field. Symmetric. */
export function compareAt(columns: Columns, a: number, b: number, into: Comparison): void {
  const { rows } = columns
  const [rowA, rowB] = [a * ROW_WORDS, b * ROW_WORDS]
  const [flagsA, flagsB] = [rows[rowA + FLAGS] as number, rows[rowB + FLAGS] as number]
  const [sexA, sexB] = [flagsA & SEX_MASK, flagsB & SEX_MASK]
  into.sex = sexA === 0 || sexB === 0 ? SEX.unknown : sexA === sexB ? SEX.equal : SEX.different
  into.birthDate = birthDateLevel(rows[rowA + BIRTH] as number, rows[rowB + BIRTH] as number, flagsA | flagsB)
  compareNames(columns, rowA, rowB, into)
  if (into.surname === SURNAME.different && sexA === FEMALE && sexB === FEMALE) {
    into.surname = SURNAME.differentOfWomen
  }
  compareNumbers(columns, rowA, rowB, into)
  into.address = addressLevel(columns, rowA, rowB)
  compareValues(columns, rowA, rowB, into)
  compareTexts(columns, rows[rowA + EXTRAS] as number, rows[rowB + EXTRAS] as number, into)
}

/** What somebody has several of: one in common is enough, and to differ all must. */
function compareValues(columns: Columns, rowA: number, rowB: number, into: Comparison): void {
  const { rows, extras } = columns
  const [extrasA, extrasB] = [rows[rowA + EXTRAS] as number, rows[rowB + EXTRAS] as number]
  into.mobile = mobileLevel(columns, rowA, rowB)
  const isPlain = extrasA === 0 || extrasB === 0
  into.landline = isPlain ? VALUE.unknown : valueLevel(extras, extrasA, extrasB, EXTRA.landline)
  into.care = isPlain ? VALUE.unknown : valueLevel(extras, extrasA, extrasB, EXTRA.care)
  into.payer = isPlain ? VALUE.unknown : valueLevel(extras, extrasA, extrasB, EXTRA.payer)
  into.email = isPlain ? VALUE.unknown : valueLevel(extras, extrasA, extrasB, EXTRA.email)
  into.national = isPlain ? VALUE.unknown : nationalLevel(extras, extrasA, extrasB)
}

function mobileLevel({ rows, extras }: Columns, rowA: number, rowB: number): number {
  const [highA, lowA] = [rows[rowA + MOBILE] as number, rows[rowA + MOBILE + 1] as number]
  const [highB, lowB] = [rows[rowB + MOBILE] as number, rows[rowB + MOBILE + 1] as number]
  if ((highA === 0 && lowA === 0) || (highB === 0 && lowB === 0)) return VALUE.unknown
  if (highA === highB && lowA === lowB) return VALUE.equal
  const [extrasA, extrasB] = [rows[rowA + EXTRAS] as number, rows[rowB + EXTRAS] as number]
  const isShared =
    holds(extras, extrasA, highB, lowB) ||
    holds(extras, extrasB, highA, lowA) ||
    valueLevel(extras, extrasA, extrasB, EXTRA.mobile) === VALUE.equal
  return isShared ? VALUE.equal : VALUE.different
}

function holds(extras: Uint32Array, start: number, high: number, low: number): boolean {
  for (const at of entriesOf(extras, start, EXTRA.mobile)) {
    if (extras[at] === high && extras[at + 1] === low) return true
  }
  return false
}

function valueLevel(extras: Uint32Array, startA: number, startB: number, kind: number): number {
  let level: number = VALUE.unknown
  for (const a of entriesOf(extras, startA, kind)) {
    for (const b of entriesOf(extras, startB, kind)) {
      if (extras[a] === extras[b] && extras[a + 1] === extras[b + 1]) return VALUE.equal
      level = VALUE.different
    }
  }
  return level
}

/** Keys of two kinds cannot be compared: an Individual Number says nothing about a 医療等ID. */
function nationalLevel(extras: Uint32Array, startA: number, startB: number): number {
  let level: number = VALUE.unknown
  for (const a of entriesOf(extras, startA, EXTRA.national)) {
    for (const b of entriesOf(extras, startB, EXTRA.national)) {
      if (extras[a] !== extras[b]) continue
      const isSame = extras[a + 1] === extras[b + 1] && extras[a + 2] === extras[b + 2]
      if (!isSame) return VALUE.different
      level = VALUE.equal
    }
  }
  return level
}
