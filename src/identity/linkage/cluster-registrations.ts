import type { Features } from '../normalise/index.ts'
import { clusterPairs } from './cluster.ts'
import { columnsOf, type Standing } from './columns.ts'
import { type PairDecision, pairDecision } from './explain.ts'
import { type Judge, judgeOf } from './judge.ts'
import { type Doubt, judgedPairs } from './judged-pairs.ts'
import { BIRTH_DATE, type Comparison, INSURED } from './levels.ts'
import type { Model } from './model.ts'
import { RESIDENTS } from './residents-model.ts'
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
  model: Model = RESIDENTS,
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
  const judge = judgeOf(columns, model, manual)
  return {
    pair: (a, b) => pairDecision(judge, placeOf(a), placeOf(b)),
    hangTogether: (a, b) => isAuto(judge.verdict(placeOf(a), placeOf(b))) || isOneHousehold(judge.levels),
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
  return isShared && birthDate === BIRTH_DATE.equal
}

function clusterRefs(judge: Judge, refs: readonly string[], placeOf: (ref: string) => number): Clustering {
  const places = refs.map(placeOf)
  const pairs = judgedPairs(refs.length, (a, b) => judge.verdict(places[a] as number, places[b] as number))
  const { clusters, doubts } = clusterPairs(pairs)
  const refOf = (at: number) => refs[at] as string
  const explained = (a: number, b: number) => pairDecision(judge, places[a] as number, places[b] as number)
  const clusterOf = new Map(clusters.flatMap((cluster) => cluster.map((at) => [at, cluster] as const)))
  const possible: PossibleLink[] = []
  for (let a = 0; a < refs.length; a++) {
    for (let b = a + 1; b < refs.length; b++) {
      const verdict = pairs.of(a, b)
      if (clusterOf.get(a) === clusterOf.get(b) || !(isAuto(verdict) || isForReview(verdict))) continue
      const pair = explained(a, b)
      const ambiguity = isAuto(verdict) ? [...(doubts[a] ?? []), ...(doubts[b] ?? [])] : []
      const vetoes = [...new Set([...pair.vetoes, ...ambiguity])].sort()
      possible.push({ a: refOf(a), b: refOf(b), pair, vetoes })
    }
  }
  return {
    clusters: clusters.map((cluster) => ({
      refs: cluster.map(refOf),
      reasons: new Map(
        cluster.map((at) => [
          refOf(at),
          cluster
            .filter((other) => other !== at && isAuto(pairs.of(at, other)))
            .map((other) => ({ with: refOf(other), pair: explained(at, other) })),
        ]),
      ),
    })),
    possible,
  }
}
