import type { Judge } from './judge.ts'
import type { JudgedPairs } from './judged-pairs.ts'

/**
 * Clusters where nothing but the score speaks (S): the strongest pairs first, two clusters become one when more than
 * half of the pairs between them may be expected to be one person's and no pair is vetoed. Places must be in canonical
 * order, by which ties are broken, so that the result depends on the set alone.
 */
export function clusterByStrength(pairs: JudgedPairs, { totals, posteriors }: Strengths): number[][] {
  const { count } = pairs
  const clusterOf = Array.from({ length: count }, (_, place) => [place])
  const strengthOf = ([a, b]: readonly [number, number]) => totals[a * count + b] as number
  const links = pairs.links.map(({ ends }) => ends).sort((x, y) => strengthOf(y) - strengthOf(x))
  for (const [a, b] of links) {
    const [left, right] = [clusterOf[a] as number[], clusterOf[b] as number[]]
    if (left === right || pairs.isVetoed(left, right)) continue
    let sum = 0
    for (const one of left) for (const other of right) sum += posteriors[one * count + other] as number
    if (sum <= (left.length * right.length) / 2) continue
    left.push(...right)
    for (const place of right) clusterOf[place] = left
  }
  return [...new Set(clusterOf)]
}

/** Of each two, in the order of places. */
export interface Strengths {
  totals: Float64Array
  /** How likely the two are one person. */
  posteriors: Float64Array
}

export function strengthsOf(judge: Judge, places: Uint32Array): Strengths {
  const count = places.length
  const [totals, posteriors] = [new Float64Array(count * count), new Float64Array(count * count)]
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      judge.verdict(places[a] as number, places[b] as number)
      totals[a * count + b] = judge.score.total
      totals[b * count + a] = judge.score.total
      posteriors[a * count + b] = judge.score.posterior
      posteriors[b * count + a] = judge.score.posterior
    }
  }
  return { totals, posteriors }
}
