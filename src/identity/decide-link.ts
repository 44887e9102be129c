import { type Comparison, compareRegistrations } from './compare-registrations.ts'
import type { Features } from './normalise/index.ts'

export type LinkRule = 'A1' | 'A3'
export type PairVeto = 'V1' | 'V2' | 'V3' | 'V4' | 'V6' | 'V7'

export interface PairDecision {
  /** `auto`: a rule holds and nothing forbids it. `review`: a person must decide. `none`: nothing to decide. */
  decision: 'auto' | 'review' | 'none'
  rule?: LinkRule | undefined
  vetoes: PairVeto[]
  /** The reasons: how every field stood. */
  fields: Comparison
}

/** What two registrations say of each other, by themselves. A veto outranks every rule. */
export function decideLink(a: Features, b: Features): PairDecision {
  const fields = compareRegistrations(a, b)
  const rule = releaseRule(fields)
  const vetoes = vetoesOf(fields)
  if (rule === undefined) return { decision: 'none', vetoes, fields }
  return { decision: vetoes.length === 0 ? 'auto' : 'review', rule, vetoes, fields }
}

/** The first rule that holds. Reading, sex and birth date alone are no rule: 50 pairs in a million share them. */
function releaseRule(fields: Comparison): LinkRule | undefined {
  const { family, given, birthDate, sex, insured, address, mobile } = fields
  if (birthDate !== 'equal') return undefined
  const isGiven = given === 'equal' || given === 'kanji-only'
  const isFamily = family === 'equal' || family === 'kanji-only'
  if (insured === 'person' && (isGiven || given === 'kana-only')) return 'A1'
  if (isFamily && isGiven && sex === 'equal' && (address === 'equal' || mobile === 'equal')) return 'A3'
  return undefined
}

function vetoesOf(fields: Comparison): PairVeto[] {
  const { given, birthDate, sex, insured, placeholder } = fields
  const vetoes: [PairVeto, boolean][] = [
    ['V1', given === 'different'],
    ['V2', insured === 'other-branch'],
    ['V3', birthDate === 'different' || (birthDate === 'one-part' && insured !== 'person')],
    ['V4', sex === 'different'],
    ['V6', isTwinTrap(fields) || placeholder === 'newborn'],
    ['V7', placeholder === 'unknown-person' || placeholder === 'birth-date'],
  ]
  return vetoes.flatMap(([veto, holds]) => (holds ? [veto] : []))
}

/**
 * Twins share birth date, address, number, telephone and mostly their surname; only a fully equal given name tells
 * which. Names in different scripts say nothing: no rule joins them, and a third record that holds both may.
 */
function isTwinTrap({ given, birthDate, insured, address, mobile }: Comparison): boolean {
  const isNumberShared = insured !== 'different' && insured !== 'unknown'
  const isOneHousehold = isNumberShared || address === 'equal' || mobile === 'equal'
  return birthDate === 'equal' && isOneHousehold && given !== 'equal' && given !== 'unknown'
}
