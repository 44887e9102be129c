import type { Columns } from './columns.ts'
import { compareAt } from './compare.ts'
import { birthDateLevel } from './compare-birth-dates.ts'
import { decidePair, isOtherBirthDate, standingVetoes } from './decide-pair.ts'
import { type RaritiesByKind, raritiesByKind } from './frequencies.ts'
import { type Comparison, emptyComparison } from './levels.ts'
import type { Model } from './model.ts'
import { areComparable, kindAt, type Models } from './models.ts'
import { BIRTH, FLAGS, ROW_WORDS } from './rows.ts'
import { emptyScore, type Score, scoreOf } from './score.ts'
import { DECLARED_DIFFERENT, DECLARED_SAME, NO_VERDICT, type Verdict } from './verdict.ts'

/** Pairs of places that a person has decided. They outrank whatever the registrations say. */
export interface ManualDecisions {
  same: readonly (readonly [number, number])[]
  different: readonly (readonly [number, number])[]
}
export const NO_DECISIONS: ManualDecisions = { same: [], different: [] }

/** The one way to judge pairs of registrations, for two of them and for millions. */
export interface Judge {
  columns: Columns
  /** What the registration at a place is judged by. */
  modelAt(place: number): Model
  verdict(a: number, b: number): Verdict
  /** Whether their birth dates alone say that the verdict is `none`, unless somebody has declared them one. */
  areOfOtherDays(a: number, b: number): boolean
  /** What the last verdict stood on; written over by the next. */
  readonly levels: Comparison
  readonly score: Score
}

export function judgeOf(
  columns: Columns,
  models: Models,
  manual: ManualDecisions = NO_DECISIONS,
  rarities: RaritiesByKind = raritiesByKind(columns, models),
): Judge {
  const levels = emptyComparison()
  const score = emptyScore()
  const same = new Set(manual.same.map(([a, b]) => keyOf(a, b)))
  const different = new Set(manual.different.map(([a, b]) => keyOf(a, b)))
  const isAnyDeclared = same.size + different.size > 0
  return {
    columns,
    modelAt: (place) => models[kindAt(columns, place)],
    levels,
    score,
    areOfOtherDays: (a, b) => kindAt(columns, a) === 'residents' && areOfOtherDays(columns, a, b),
    verdict(a, b) {
      const kind = kindAt(columns, a)
      compareAt(columns, a, b, levels)
      scoreOf(levels, rarities[kind], models[kind], score)
      if (!areComparable(columns, a, b)) return NO_VERDICT
      // Of two decisions that contradict each other the one that keeps people apart counts.
      if (isAnyDeclared && different.has(keyOf(a, b))) return DECLARED_DIFFERENT
      if (isAnyDeclared && same.has(keyOf(a, b))) return DECLARED_SAME
      return decidePair(levels, score, standingVetoes(columns, a, b), models[kind], rarities[kind])
    },
  }
}

function areOfOtherDays({ rows }: Columns, a: number, b: number): boolean {
  const [rowA, rowB] = [a * ROW_WORDS, b * ROW_WORDS]
  const flags = (rows[rowA + FLAGS] as number) | (rows[rowB + FLAGS] as number)
  return isOtherBirthDate(birthDateLevel(rows[rowA + BIRTH] as number, rows[rowB + BIRTH] as number, flags))
}

/** Exact up to 67 million registrations. */
function keyOf(a: number, b: number): number {
  return Math.min(a, b) * 2 ** 27 + Math.max(a, b)
}
