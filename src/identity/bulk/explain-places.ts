import { explainPairs } from '../explain-link.ts'
import { type BulkLinkage, type Judge, type LinkVeto, pairDecision } from '../linkage/index.ts'
import { inOrder, patientIdOf } from '../patient-id.ts'
import type { PossibleRow } from './link-store.ts'

const ALONE = JSON.stringify(explainPairs([]))
const DOUBTS = ['V11', 'V12'] as const

/** Why the registration at a place belongs to its cluster, as JSON: levels and bits, no values. */
export function linkExplainer(
  judge: Judge,
  cluster: Uint32Array,
  refOf: (place: number) => string,
): (place: number) => string {
  const members = membersOf(cluster)
  return (place) => {
    const others = members(place)
    if (others.length < 2) return ALONE
    const pairs = others
      .filter((other) => other !== place)
      .map((other) => ({ with: refOf(other), pair: pairDecision(judge, place, other) }))
      .filter(({ pair }) => pair.decision === 'auto')
    return JSON.stringify(explainPairs(pairs))
  }
}

/** The pairs that wait, with why. */
export function possibleRows(
  judge: Judge,
  { a, b, doubts, count }: BulkLinkage['possible'],
  refOf: (place: number) => string,
  at: Date,
): PossibleRow[] {
  const degrees = new Map<number, number>()
  const countOne = (place: number) => degrees.set(place, (degrees.get(place) ?? 0) + 1)
  for (let pair = 0; pair < count; pair++) {
    countOne(a[pair] as number)
    countOne(b[pair] as number)
  }
  return Array.from({ length: count }, (_, pair) => {
    const [left, right] = [a[pair] as number, b[pair] as number]
    const ambiguity = DOUBTS.filter((_, bit) => ((doubts[pair] as number) >> bit) & 1)
    // In one item with as many of the others as can be: of the end that has more of them.
    const isOfLeft = (degrees.get(left) ?? 0) > (degrees.get(right) ?? 0)
    return possibleRow(judge, refOf, { left, right, ambiguity, isOfLeft, at })
  })
}

function possibleRow(
  judge: Judge,
  refOf: (place: number) => string,
  found: { left: number; right: number; ambiguity: readonly LinkVeto[]; isOfLeft: boolean; at: Date },
): PossibleRow {
  const { left, right, ambiguity, isOfLeft, at } = found
  const pair = pairDecision(judge, left, right)
  const vetoes = [...new Set<LinkVeto>([...pair.vetoes, ...ambiguity])].sort()
  const [first, second] = inOrder(refOf(left), refOf(right))
  const [idA, idB] = [patientIdOf(first), patientIdOf(second)]
  return {
    ...{ regionA: idA.region, localIdA: idA.localId, regionB: idB.region, localIdB: idB.localId },
    ...{ rule: pair.rule ?? null, vetoes, since: at },
    item: isOfLeft === (first === refOf(left)) ? 'a' : 'b',
    explanation: JSON.stringify(explainPairs([{ with: second, pair, vetoes }])),
  }
}

/** The places of a place's cluster, each followed by the next of its cluster: the lowest place comes first. */
function membersOf(cluster: Uint32Array): (place: number) => number[] {
  const following = new Int32Array(cluster.length).fill(-1)
  const tail = new Int32Array(cluster.length).fill(-1)
  for (let place = 0; place < cluster.length; place++) {
    const top = cluster[place] as number
    const before = tail[top] as number
    if (before >= 0) following[before] = place
    tail[top] = place
  }
  return (place) => {
    const members: number[] = []
    for (let at = cluster[place] as number; at >= 0; at = following[at] as number) members.push(at)
    return members
  }
}
