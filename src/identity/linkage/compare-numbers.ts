import type { Columns } from './columns.ts'
import { entriesOf } from './extras.ts'
import { type Comparison, INSURED } from './levels.ts'
import {
  BRANCH_MASK,
  EXTRA,
  EXTRAS,
  IS_PERSONAL,
  IS_SOUND,
  IS_TWIN_NUMBER,
  NUMBER,
  NUMBER_LOOSE,
  NUMBER_MARKS,
} from './rows.ts'

/** Of several numbers the strongest agreement counts, but a branch that differs counts before a missing one. */
const STRENGTH = strengths(['unknown', 'different', 'filler', 'loose', 'household', 'otherBranch', 'person'])

/** Compares the insured numbers that the two have and had: old ones keep linking late reports. */
export function compareNumbers(columns: Columns, rowA: number, rowB: number, into: Comparison): void {
  const { rows, extras } = columns
  into.isTwinNumber = false
  into.insured = numberLevel(rows, rowA + NUMBER, rows, rowB + NUMBER)
  if (into.insured === INSURED.household) into.isTwinNumber = isTwin(rows, rowA + NUMBER, rows, rowB + NUMBER)
  if (rows[rowA + EXTRAS] === 0 && rows[rowB + EXTRAS] === 0) return
  const [numbersA, numbersB] = [numbersOf(columns, rowA), numbersOf(columns, rowB)]
  for (const a of numbersA) {
    for (const b of numbersB) {
      if (a.from !== extras && b.from !== extras) continue
      const level = numberLevel(a.from, a.at, b.from, b.at)
      // That a number of the past is another one says nothing.
      if (level === INSURED.different) continue
      if (level === INSURED.household && isTwin(a.from, a.at, b.from, b.at)) into.isTwinNumber = true
      if ((STRENGTH[level] as number) > (STRENGTH[into.insured] as number)) into.insured = level
    }
  }
}

/** Where the insured numbers of a registration lie, the present one first. */
export function numbersOf({ rows, extras }: Columns, row: number): { from: Uint32Array; at: number }[] {
  const former = [...entriesOf(extras, rows[row + EXTRAS] as number, EXTRA.formerNumber)]
  return [{ from: rows, at: row + NUMBER }, ...former.map((at) => ({ from: extras, at }))]
}

function numberLevel(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  if (isAbsent(a, atA) || isAbsent(b, atB)) return INSURED.unknown
  const [marksA, marksB] = [a[atA + NUMBER_MARKS] as number, b[atB + NUMBER_MARKS] as number]
  const isSound = (marksA & marksB & IS_SOUND) !== 0
  if (!isSameNumber(a, atA, b, atB)) {
    if (!isSound) return INSURED.unknown
    return a[atA + NUMBER_LOOSE] === b[atB + NUMBER_LOOSE] ? INSURED.loose : INSURED.different
  }
  const [branchA, branchB] = [marksA & BRANCH_MASK, marksB & BRANCH_MASK]
  if (branchA !== 0 && branchB !== 0 && branchA !== branchB) return INSURED.otherBranch
  if (!isSound) return INSURED.filler
  const isPersonal = (marksA & marksB & IS_PERSONAL) !== 0
  return branchA !== 0 && branchA === branchB
    ? INSURED.person
    : isPersonal
      ? INSURED.person
      : INSURED.household
}

export function isSameNumber(a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
  return a[atA] === b[atB] && a[atA + 1] === b[atB + 1]
}

function isAbsent(from: Uint32Array, at: number): boolean {
  return from[at] === 0 && from[at + 1] === 0
}

function isTwin(a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
  return (((a[atA + NUMBER_MARKS] as number) | (b[atB + NUMBER_MARKS] as number)) & IS_TWIN_NUMBER) !== 0
}

function strengths(order: readonly (keyof typeof INSURED)[]): number[] {
  const strength: number[] = []
  for (const [at, level] of order.entries()) strength[INSURED[level]] = at
  return strength
}
