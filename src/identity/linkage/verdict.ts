import { type LinkRule, RULES } from './rules.ts'

/**
 * What keeps a pair from being linked by itself. V11 and V12 are about more than two registrations, see `cluster.ts`.
 * `floor`: a rule holds and the score is too low for it. `no-rule`: the score is high and no rule holds.
 */
export const PAIR_DOUBTS = [
  'V1',
  'V2',
  'V3',
  'V4',
  'V5',
  'V6',
  'V7',
  'V8',
  'V9',
  'V10',
  'V13',
  'floor',
  'no-rule',
] as const
export type PairDoubt = (typeof PAIR_DOUBTS)[number]

/** As bits: `DOUBT.V1` is 1. */
export const DOUBT = Object.fromEntries(PAIR_DOUBTS.map((doubt, at) => [doubt, 1 << at])) as Readonly<
  Record<PairDoubt, number>
>
const VETOES = DOUBT.floor - 1

/**
 * `auto`: a rule holds and nothing forbids it. `review`: a person must decide. `possible`: alike, and nothing beside
 * names, birth date and sex says so; to be looked at when somebody needs it. `none`: nothing to decide.
 */
export const DECISIONS = ['none', 'possible', 'review', 'auto'] as const
export type Decision = (typeof DECISIONS)[number]
const AUTO = DECISIONS.indexOf('auto')
const REVIEW = DECISIONS.indexOf('review')

/** Rule, decision and doubts of a pair in one number: bulk keeps millions. */
export type Verdict = number
export const NO_VERDICT: Verdict = 0

const DECISION_AT = 4
const KINDRED_AT = 6
const DOUBTS_AT = 7
const RULE_MASK = 2 ** DECISION_AT - 1
const DECISION_MASK = 0b11

/** `rule` is its place in `RULES` and one; 0 for none. */
export function verdictOf(rule: number, decision: Decision, doubts: number): Verdict {
  return rule | (DECISIONS.indexOf(decision) << DECISION_AT) | (doubts << DOUBTS_AT)
}

export function placeOfRule(rule: LinkRule | undefined): number {
  return rule === undefined ? 0 : RULES.indexOf(rule) + 1
}

/** Somebody has declared the two one person: no rule and no veto weighs against it. */
export const DECLARED_SAME: Verdict = verdictOf(placeOfRule('manual'), 'auto', 0)
/** Somebody has declared the two different people. */
export const DECLARED_DIFFERENT: Verdict = verdictOf(0, 'none', DOUBT.V8)

/**
 * Two who do not qualify with each other and are not two people to be confused either: the full name is so rare, or a
 * number, lot or telephone says the same as the given name.
 */
export function asKindred(verdict: Verdict): Verdict {
  return verdict | (1 << KINDRED_AT)
}

export function areKindred(verdict: Verdict): boolean {
  return ((verdict >>> KINDRED_AT) & 1) === 1
}

export function ruleOf(verdict: Verdict): LinkRule | undefined {
  return RULES[(verdict & RULE_MASK) - 1]
}

export function decisionOf(verdict: Verdict): Decision {
  return DECISIONS[(verdict >>> DECISION_AT) & DECISION_MASK] as Decision
}

export function isAuto(verdict: Verdict): boolean {
  return ((verdict >>> DECISION_AT) & DECISION_MASK) === AUTO
}

export function isForReview(verdict: Verdict): boolean {
  return ((verdict >>> DECISION_AT) & DECISION_MASK) === REVIEW
}

/** Whether the two may not be in one cluster, not even through others (V12). */
export function isVetoed(verdict: Verdict): boolean {
  return ((verdict >>> DOUBTS_AT) & VETOES) !== 0
}

export function doubtsIn(verdict: Verdict): PairDoubt[] {
  return PAIR_DOUBTS.filter((doubt) => (verdict >>> DOUBTS_AT) & DOUBT[doubt])
}
