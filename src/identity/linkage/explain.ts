import type { Judge } from './judge.ts'
import { FIELDS, type Field, LEVELS } from './levels.ts'
import type { LinkRule } from './rules.ts'
import { type Decision, decisionOf, doubtsIn, type PairDoubt, ruleOf } from './verdict.ts'

/** What two registrations say of each other, with the reasons. Levels and bits only: the values stand in the records. */
export interface PairDecision {
  decision: Decision
  /** By which the two were judged: a name, and the hash of all of it. */
  model: string
  rule?: LinkRule | undefined
  vetoes: PairDoubt[]
  /** How every field that could be compared stood, and what it weighed. */
  fields: Partial<Record<Field, FieldReason>>
  bits: { prior: number; person: number; household: number; total: number }
  posterior: number
}

export interface FieldReason {
  level: string
  bits: number
  /** Of these, what the name's own frequency makes out: positive for a rare one. */
  rarity?: number | undefined
}

/** What came of comparing two, without the reasons. */
export type PairOutcome = Pick<PairDecision, 'decision' | 'vetoes' | 'posterior'>

export function pairOutcome(judge: Judge, a: number, b: number): PairOutcome {
  const verdict = judge.verdict(a, b)
  return {
    decision: decisionOf(verdict),
    vetoes: doubtsIn(verdict),
    posterior: judge.score.posterior,
  }
}

export function pairDecision(judge: Judge, a: number, b: number): PairDecision {
  const verdict = judge.verdict(a, b)
  const { levels, score } = judge
  const model = judge.modelAt(a)
  const averageOf = (at: number) => model.weights[at]?.[levels[FIELDS[at] as Field]]?.bits ?? 0
  return {
    decision: decisionOf(verdict),
    model: model.id,
    rule: ruleOf(verdict),
    vetoes: doubtsIn(verdict),
    fields: Object.fromEntries(
      FIELDS.flatMap((field, at) => {
        const level = LEVELS[field][levels[field]] ?? 'unknown'
        return level === 'unknown' ? [] : [[field, reasonOf(level, score.bits[at] ?? 0, averageOf(at))]]
      }),
    ),
    bits: {
      prior: rounded(model.prior),
      person: rounded(score.person),
      household: rounded(score.household),
      total: rounded(score.total),
    },
    posterior: score.posterior,
  }
}

function reasonOf(level: string, bits: number, average: number): FieldReason {
  const rarity = rounded(bits - average)
  return { level, bits: rounded(bits), ...(rarity === 0 ? {} : { rarity }) }
}

/** A hundredth of a bit: what is stored is for people to read. */
function rounded(bits: number): number {
  return Math.round(bits * 100) / 100
}

export function levelIn({ fields }: PairDecision, field: Field): string {
  return fields[field]?.level ?? 'unknown'
}
