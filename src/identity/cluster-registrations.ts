import { decideLink, type LinkRule, type PairDecision, type PairVeto } from './decide-link.ts'
import type { Features } from './encode-registration.ts'

/** A registration under the name that the caller knows it by. */
export interface Member {
  ref: string
  features: Features
}

/** V11: more than one cluster qualifies. V12: a member of the cluster vetoes. */
export type LinkVeto = PairVeto | 'V11' | 'V12'

export interface Cluster {
  refs: string[]
  /** Why each belongs: how it stands to every other one of the cluster. Empty for one that is alone. */
  reasons: Map<string, { with: string; pair: PairDecision }[]>
}

export interface PossibleLink {
  a: string
  b: string
  rule: LinkRule
  vetoes: LinkVeto[]
  pair: PairDecision
}

export interface Clustering {
  clusters: Cluster[]
  /** Pairs for which a rule holds but which must wait for a person. None of them is linked. */
  possible: PossibleLink[]
}

/** More registrations than anybody has: a record that many share is filler, whatever it says. */
const REGISTRATIONS_MAX = 12

/**
 * Who is one person among these registrations. Two are linked when a rule joins them, nothing forbids it, and
 * everybody whom either qualifies with qualifies with all the others too. So each person is a group in which every
 * pair qualifies by itself: nobody is joined through a third, a doubtful record joins no two groups, and the result
 * depends on the set alone, not on the order in which it was fed.
 */
export function clusterRegistrations(members: readonly Member[]): Clustering {
  const pairs = judgePairs(members)
  const near = new Map(members.map(({ ref }) => [ref, qualifying(ref, members, pairs)]))
  const doubts = new Map([...near].map(([ref, group]) => [ref, doubtsAmong(group, pairs)]))
  const isClear = (ref: string) => doubts.get(ref)?.length === 0
  const clusters = new Map<string, Cluster>()
  for (const { ref } of members) {
    const refs = isClear(ref) ? [...(near.get(ref) ?? [])].filter(isClear).sort() : [ref]
    clusters.set(refs.join('\n'), { refs, reasons: reasonsWithin(refs, pairs) })
  }
  const possible = [...pairs.values()].flatMap(({ a, b, pair }) => {
    if (pair.rule === undefined) return []
    const ambiguity = pair.decision === 'auto' ? [...(doubts.get(a) ?? []), ...(doubts.get(b) ?? [])] : []
    const vetoes = [...new Set<LinkVeto>([...pair.vetoes, ...ambiguity])].sort()
    return vetoes.length === 0 ? [] : [{ a, b, rule: pair.rule, vetoes, pair }]
  })
  return { clusters: [...clusters.values()], possible }
}

type Judged = Map<string, { a: string; b: string; pair: PairDecision }>

function judgePairs(members: readonly Member[]): Judged {
  const judged: Judged = new Map()
  for (const [at, a] of members.entries()) {
    for (const b of members.slice(at + 1)) {
      const pair = decideLink(a.features, b.features)
      judged.set(keyOf(a.ref, b.ref), { a: a.ref, b: b.ref, pair })
    }
  }
  return judged
}

function keyOf(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`
}

/** The registration itself and all it qualifies with. */
function qualifying(ref: string, members: readonly Member[], pairs: Judged): string[] {
  return members
    .map((member) => member.ref)
    .filter((other) => other === ref || pairs.get(keyOf(ref, other))?.pair.decision === 'auto')
}

/** Why a registration's neighbours cannot all be one person; empty when each two qualify and they are not too many. */
function doubtsAmong(group: readonly string[], pairs: Judged): ('V11' | 'V12')[] {
  const doubts = new Set<'V11' | 'V12'>(group.length > REGISTRATIONS_MAX ? ['V11'] : [])
  for (const [at, a] of group.entries()) {
    for (const b of group.slice(at + 1)) {
      const pair = pairs.get(keyOf(a, b))?.pair
      if (pair !== undefined && pair.decision !== 'auto') doubts.add(pair.vetoes.length > 0 ? 'V12' : 'V11')
    }
  }
  return [...doubts]
}

function reasonsWithin(refs: readonly string[], pairs: Judged): Cluster['reasons'] {
  return new Map(
    refs.map((ref) => [
      ref,
      refs.flatMap((other) => {
        const judged = pairs.get(keyOf(ref, other))
        return judged === undefined || other === ref ? [] : [{ with: other, pair: judged.pair }]
      }),
    ]),
  )
}
