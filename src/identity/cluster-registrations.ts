import { decideLink, type LinkRule, type PairDecision, vetoesOf } from './decide-link.ts'
import type { Features } from './encode-registration.ts'

export interface Member {
  id: number
  features: Features
}

export interface PossibleLink {
  a: number
  b: number
  /** V11: more than one cluster would do; V12: a member forbids it; else the pair's own vetoes. */
  reasons: string[]
}

export interface Clustering {
  /** Every member once; ids ascending within a cluster. */
  clusters: { ids: number[]; rules: Map<number, { rule: LinkRule; with: number; pair: PairDecision }> }[]
  possible: PossibleLink[]
}

interface Edge {
  a: Member
  b: Member
  pair: PairDecision
}

/**
 * Who is one person among these registrations. A function of the set alone, so any order of feeding gives the
 * same clusters. A connected group is one person only when no two of it veto each other (V12) and no single
 * record bridges two groups by itself; otherwise only its A1 links stand, under the same test, and the rest
 * waits for a person (V11): a reviewable pair stays unlinked.
 */
export function clusterRegistrations(members: readonly Member[]): Clustering {
  const edges: Edge[] = []
  const possible: PossibleLink[] = []
  for (const [index, a] of members.entries()) {
    for (const b of members.slice(index + 1)) {
      const pair = decideLink(a.features, b.features)
      if (pair.decision === 'auto') edges.push({ a, b, pair })
      if (pair.decision === 'review') possible.push({ ...ordered(a, b), reasons: pair.vetoes })
    }
  }
  const clusters: Member[][] = []
  for (const group of groupsOf(members, edges)) {
    if (isOnePerson(group, edges)) {
      clusters.push(group)
      continue
    }
    const strong = edges.filter(({ pair }) => pair.rule === 'A1')
    const kept = groupsOf(group, strong).flatMap((part) =>
      isConsistent(part) ? [part] : part.map((each) => [each]),
    )
    clusters.push(...kept)
    for (const { a, b } of edges) {
      if (!group.includes(a)) continue
      const isKept = kept.some((part) => part.includes(a) && part.includes(b))
      if (!isKept) possible.push({ ...ordered(a, b), reasons: ['V11'] })
    }
  }
  return { clusters: clusters.map((cluster) => explained(cluster, edges)), possible }
}

function isOnePerson(group: Member[], edges: Edge[]): boolean {
  return isConsistent(group) && !group.some((bridge) => joinsTwoGroups(bridge, group, edges))
}

/** V12 among all, linked directly or not. */
function isConsistent(group: Member[]): boolean {
  return group.every((a, index) =>
    group.slice(index + 1).every((b) => vetoesOf(a.features, b.features).length === 0),
  )
}

/** Two groups of two or more are never joined by one record alone, unless by A1 on both sides. */
function joinsTwoGroups(bridge: Member, group: Member[], edges: Edge[]): boolean {
  const rest = group.filter((member) => member !== bridge)
  const parts = groupsOf(rest, edges).filter((part) => part.length >= 2)
  if (parts.length < 2) return false
  const isStrong = (part: Member[]) =>
    edges.some(
      ({ a, b, pair }) =>
        pair.rule === 'A1' && ((a === bridge && part.includes(b)) || (b === bridge && part.includes(a))),
    )
  return !parts.every(isStrong)
}

/** Connected groups over the edges between the given members. */
function groupsOf(members: readonly Member[], edges: readonly Edge[]): Member[][] {
  const parent = new Map(members.map((member) => [member, member]))
  const root = (member: Member): Member => {
    const up = parent.get(member) ?? member
    return up === member ? member : root(up)
  }
  for (const { a, b } of edges) {
    if (parent.has(a) && parent.has(b)) parent.set(root(a), root(b))
  }
  return [...Map.groupBy(members, root).values()]
}

function explained(cluster: Member[], edges: Edge[]): Clustering['clusters'][number] {
  const rules = new Map<number, { rule: LinkRule; with: number; pair: PairDecision }>()
  for (const { a, b, pair } of edges) {
    if (pair.rule === undefined || !cluster.includes(a) || !cluster.includes(b)) continue
    for (const [id, other] of [
      [a.id, b.id],
      [b.id, a.id],
    ] as const) {
      const known = rules.get(id)
      if (known === undefined || (known.rule === 'A3' && pair.rule === 'A1'))
        rules.set(id, { rule: pair.rule, with: other, pair })
    }
  }
  return { ids: cluster.map(({ id }) => id).sort((left, right) => left - right), rules }
}

function ordered(a: Member, b: Member): { a: number; b: number } {
  return a.id < b.id ? { a: a.id, b: b.id } : { a: b.id, b: a.id }
}
