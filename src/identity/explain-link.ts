import { type LinkRule, type LinkVeto, type PairDecision, RESIDENTS, RULES } from './linkage/index.ts'
import { NORM } from './normalise/index.ts'

/** Raised with every change of the rules and vetoes, so that old decisions say what they stood on. */
export const LADDER = 3

/** Why a link was made or must wait: levels and bits only, since the values stand in the registrations themselves. */
export interface Explanation {
  norm: number
  ladder: number
  /** The weights: a name, and the hash of all of them. */
  model: string
  pairs: (Omit<PairDecision, 'decision' | 'vetoes' | 'model'> & { with: string; vetoes: LinkVeto[] })[]
}

export function explainPairs(
  pairs: readonly { with: string; pair: PairDecision; vetoes?: LinkVeto[] }[],
): Explanation {
  return {
    norm: NORM,
    ladder: LADDER,
    model: pairs[0]?.pair.model ?? RESIDENTS.id,
    pairs: pairs.map(({ with: other, pair: { decision: _, model: _model, ...pair }, vetoes }) => ({
      with: other,
      ...pair,
      vetoes: vetoes ?? pair.vetoes,
    })),
  }
}

/** The strongest rule that joins a registration to its person; undefined while it is alone. */
export function strongestRule(explanation: Explanation): LinkRule | undefined {
  const rules = explanation.pairs.flatMap(({ rule }) => rule ?? [])
  return RULES.find((rule) => rules.includes(rule))
}
