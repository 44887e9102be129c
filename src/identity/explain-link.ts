import type { LinkVeto } from './cluster-registrations.ts'
import type { Comparison } from './compare-registrations.ts'
import type { LinkRule, PairDecision } from './decide-link.ts'
import { NORM } from './normalise/index.ts'

/** The ladder of rules and vetoes; raised with every change of it, so that old decisions say what they stood on. */
export const LADDER = 1

/** Why a link was made or must wait: levels only, since the values stand in the registrations themselves. */
export interface Explanation {
  norm: number
  ladder: number
  pairs: { with: string; rule?: LinkRule; vetoes: LinkVeto[]; fields: Comparison }[]
}

export function explainPairs(
  pairs: readonly { with: string; pair: PairDecision; vetoes?: LinkVeto[] }[],
): Explanation {
  return {
    norm: NORM,
    ladder: LADDER,
    pairs: pairs.map(({ with: other, pair, vetoes }) => ({
      with: other,
      ...(pair.rule === undefined ? {} : { rule: pair.rule }),
      vetoes: vetoes ?? pair.vetoes,
      fields: pair.fields,
    })),
  }
}

/** The strongest rule that joins a registration to its person; undefined while it is alone. */
export function strongestRule(explanation: Explanation): LinkRule | undefined {
  return explanation.pairs.flatMap(({ rule }) => rule ?? []).sort()[0]
}
