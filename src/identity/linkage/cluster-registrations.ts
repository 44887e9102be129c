import type { Features } from '../normalise/index.ts'
import type { Grouping } from './cluster.ts'
import { columnsOf, type Standing } from './columns.ts'
import { type PairDecision, type PairOutcome, pairDecision, pairOutcome } from './explain.ts'
import { groupPlaces } from './group-places.ts'
import { type Judge, judgeOf } from './judge.ts'
import type { Doubt, JudgedPairs } from './judged-pairs.ts'
import { BIRTH_DATE, type Comparison, INSURED } from './levels.ts'
import { areComparable, MODELS, type Models } from './models.ts'
import { markTwinNumbers } from './twin-numbers.ts'
import { isAuto, isForReview, type PairDoubt } from './verdict.ts'

/** A registration under the name that the caller knows it by. */
export interface Member {
  ref: string
  features: Features
  standing?: Standing | undefined
}

/** What people have decided, by the names of the registrations. */
export interface Declarations {
  same: readonly (readonly [string, string])[]
  different: readonly (readonly [string, string])[]
}
const NOTHING_DECLARED: Declarations = { same: [], different: [] }

export type LinkVeto = PairDoubt | Doubt

export interface Cluster {
  refs: string[]
  /** Why each belongs: the pairs which join it to others of the cluster. Empty for one that is alone. */
  reasons: Map<string, { with: string; pair: PairDecision }[]>
}

export interface PossibleLink {
  a: string
  b: string
  pair: PairDecision
  vetoes: LinkVeto[]
}

export interface Clustering {
  clusters: Cluster[]
  /** Pairs which must wait for a person. None of them is linked. */
  possible: PossibleLink[]
}

/** Some registrations made ready for judging. */
export interface Linkage {
  pair(a: string, b: string): PairDecision
  /** As `pair`, for who asks about many and tells nobody why. */
  outcome(a: string, b: string): PairOutcome
  /** Whether who the one is depends on the other: they qualify, or share a number and a birth date as twins do. */
  hangTogether(a: string, b: string): boolean
  /** Who is one person among `refs`. Everybody whom one of them qualifies with must be among them. */
  cluster(refs: readonly string[]): Clustering
}

/**
 * `members` are all with whom those to be clustered share a release key (`blocking.ts`): also such as qualify with
 * none, since a twin under the same number matters.
 */
export function openLinkage(
  members: readonly Member[],
  declared: Declarations = NOTHING_DECLARED,
  models: Models = MODELS,
): Linkage {
  const places = new Map(members.map(({ ref }, at) => [ref, at]))
  const placeOf = (ref: string): number => {
    const place = places.get(ref)
    if (place === undefined) throw new RangeError('A registration outside this linkage was asked for.')
    return place
  }
  const placesOf = (pairs: Declarations['same']) =>
    pairs.flatMap(([a, b]) => {
      const [left, right] = [places.get(a), places.get(b)]
      return left === undefined || right === undefined ? [] : [[left, right] as const]
    })
  const columns = columnsOf(
    members.map(({ features }) => features),
    members.map(({ standing }) => standing ?? {}),
  )
  markTwinNumbers(columns)
  const manual = { same: placesOf(declared.same), different: placesOf(declared.different) }
  const judge = judgeOf(columns, models, manual)
  return {
    pair: (a, b) => pairDecision(judge, placeOf(a), placeOf(b)),
    outcome: (a, b) => pairOutcome(judge, placeOf(a), placeOf(b)),
    hangTogether: (a, b) =>
      areComparable(columns, placeOf(a), placeOf(b)) &&
      (isAuto(judge.verdict(placeOf(a), placeOf(b))) || isOneHousehold(judge.levels)),
    cluster: (refs) => clusterRefs(judge, [...refs].sort(), placeOf),
  }
}

/** Who is one person among these registrations, and what must wait. */
export function clusterRegistrations(
  members: readonly Member[],
  declared: Declarations = NOTHING_DECLARED,
): Clustering {
  return openLinkage(members, declared).cluster(members.map(({ ref }) => ref))
}

/** What two registrations say of each other, by themselves. */
export function decideLink(a: Features, b: Features): PairDecision {
  return openLinkage([
    { ref: 'a', features: a },
    { ref: 'b', features: b },
  ]).pair('a', 'b')
}

function isOneHousehold({ insured, birthDate }: Comparison): boolean {
  const isShared =
    insured === INSURED.person || insured === INSURED.household || insured === INSURED.otherBranch
  return isShared && (birthDate === BIRTH_DATE.equal || birthDate === BIRTH_DATE.newYear)
}

function clusterRefs(judge: Judge, refs: readonly string[], placeOf: (ref: string) => number): Clustering {
  const named = new Map(refs.map((ref) => [placeOf(ref), ref]))
  const { places, pairs, grouping } = groupPlaces(judge, Uint32Array.from(named.keys()))
  const refOf = (at: number) => named.get(places[at] as number) as string
  const explained = (a: number, b: number) => pairDecision(judge, places[a] as number, places[b] as number)
  const reasonsOf = (at: number, cluster: readonly number[]) =>
    cluster
      .filter((other) => other !== at && isAuto(pairs.of(at, other)))
      .map((other) => ({ with: refOf(other), pair: explained(at, other) }))
  return {
    clusters: grouping.clusters.map((cluster) => ({
      refs: cluster.map(refOf).sort(),
      reasons: new Map(cluster.map((at) => [refOf(at), reasonsOf(at, cluster)])),
    })),
    possible: waitingPairs(grouping, pairs).map(({ a, b, doubts }) => {
      const pair = explained(a, b)
      const [first = '', second = ''] = [refOf(a), refOf(b)].sort()
      return { a: first, b: second, pair, vetoes: [...new Set([...pair.vetoes, ...doubts])].sort() }
    }),
  }
}

/** Pairs of different clusters that qualify or are worth a look; with what kept those that qualify apart. */
function waitingPairs({ clusters, doubts }: Grouping, pairs: JudgedPairs): WaitingPair[] {
  const clusterOf = new Map(clusters.flatMap((cluster) => cluster.map((at) => [at, cluster] as const)))
  const waiting: WaitingPair[] = []
  for (let a = 0; a < pairs.count; a++) {
    for (let b = a + 1; b < pairs.count; b++) {
      const verdict = pairs.of(a, b)
      if (clusterOf.get(a) === clusterOf.get(b) || !(isAuto(verdict) || isForReview(verdict))) continue
      waiting.push({ a, b, doubts: isAuto(verdict) ? [...(doubts[a] ?? []), ...(doubts[b] ?? [])] : [] })
    }
  }
  return waiting
}

interface WaitingPair {
  a: number
  b: number
  doubts: readonly Doubt[]
}
