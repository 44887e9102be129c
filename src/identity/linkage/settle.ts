import type { Components } from './components.ts'
import { addPair, type FoundPairs, noPairs } from './found-pairs.ts'
import { groupPlaces } from './group-places.ts'
import type { Judge } from './judge.ts'
import type { Share } from './scan.ts'
import { isAuto, isForReview, placeOfRule, ruleOf, type Verdict } from './verdict.ts'

/** More than hang together around one person: a dummy that many share. Nothing is concluded about them. */
const COMPONENT_MAX = { residents: 24, general: 500 }

export interface Settled {
  /** Pairs of one component that wait, with their own verdict. */
  waiting: FoundPairs
  /** Components too large to decide about, and how many registrations are in them. */
  crowds: number
  crowded: number
}

/** What is written by place, in shared memory. */
export interface Outcome {
  /** The lowest place of the cluster. */
  cluster: Uint32Array
  /** The strongest rule that joins the registration to its cluster: its place in `RULES` and one; 0 while it is alone. */
  rule: Uint8Array
  /** Why it was not joined with others that qualify: 1 for V11, 2 for V12. */
  doubts: Uint8Array
}

const DOUBT_BITS = { V11: 1, V12: 2 } as const

/** Decides the share's components, each by itself: who is one person depends on nobody outside. */
export function settle(
  judge: Judge,
  { places, starts }: Components,
  { part, parts }: Share,
  outcome: Outcome,
): Settled {
  const settled: Settled = { waiting: noPairs(), crowds: 0, crowded: 0 }
  for (let component = part; component < starts.length - 1; component += parts) {
    const members = places.subarray(starts[component], starts[component + 1])
    const { kind } = judge.modelAt(members[0] as number).file
    if (members.length > COMPONENT_MAX[kind]) {
      settled.crowds++
      settled.crowded += members.length
      for (const place of members) outcome.cluster[place] = place
    } else {
      const [a, b] = [members[0] as number, members[1] as number]
      const isSettled = members.length === 2 && settleTwo(judge, a, b, outcome)
      if (!isSettled) settleOne(judge, members, outcome, settled.waiting)
    }
  }
  return settled
}

/** Two who qualify with each other and with nobody else: most components. */
function settleTwo(judge: Judge, a: number, b: number, { cluster, rule }: Outcome): boolean {
  const verdict = judge.verdict(a, b)
  if (!isAuto(verdict)) return false
  cluster[b] = a
  strengthen(rule, a, verdict)
  strengthen(rule, b, verdict)
  return true
}

function settleOne(judge: Judge, members: Uint32Array, outcome: Outcome, waiting: FoundPairs): void {
  const { places, pairs, grouping } = groupPlaces(judge, members)
  for (const cluster of grouping.clusters) {
    const top = Math.min(...cluster.map((at) => places[at] as number))
    for (const at of cluster) {
      const place = places[at] as number
      outcome.cluster[place] = top
      const doubts = grouping.doubts[at] ?? []
      outcome.doubts[place] = doubts.reduce((bits, doubt) => bits | DOUBT_BITS[doubt], 0)
    }
  }
  for (const [a, placeA] of places.entries()) {
    for (let b = a + 1; b < places.length; b++) {
      const placeB = places[b] as number
      const verdict = pairs.of(a, b)
      if (outcome.cluster[placeA] === outcome.cluster[placeB]) {
        strengthen(outcome.rule, placeA, verdict)
        strengthen(outcome.rule, placeB, verdict)
      } else if (isAuto(verdict) || isForReview(verdict)) {
        addPair(waiting, placeA, placeB, verdict)
      }
    }
  }
}

/** Rules are listed from the strongest. */
function strengthen(rules: Uint8Array, place: number, verdict: Verdict): void {
  if (!isAuto(verdict)) return
  const rule = placeOfRule(ruleOf(verdict))
  const known = rules[place] as number
  if (known === 0 || rule < known) rules[place] = rule
}
