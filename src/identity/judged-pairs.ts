import { connectedGroups } from './connected-groups.ts'
import type { PairDecision } from './decide-link.ts'

export interface JudgedPair {
  a: string
  b: string
  pair: PairDecision
}

/** Registrations which are one person so far. */
export type Group = readonly string[]

/** V11: more than one cluster qualifies. V12: a member of the cluster vetoes. */
export type Doubt = 'V11' | 'V12'

export interface Pairs {
  all: readonly JudgedPair[]
  of(a: string, b: string): PairDecision | undefined
  /** Whether anybody of the one group qualifies with anybody of the other, or they are the same group. */
  areNear(x: Group, y: Group): boolean
  isVetoed(x: Group, y: Group): boolean
  /** Why the two groups cannot be one person; undefined when they qualify. */
  doubtBetween(x: Group, y: Group): Doubt | undefined
  /** Whether one record or one pair alone joins two groups among these. */
  hangsByOne(refs: Group): boolean
}

/** The decisions about each two of some registrations, and what they say about groups of them. */
export function judgedPairs(all: readonly JudgedPair[]): Pairs {
  const byRefs = new Map(all.map(({ a, b, pair }) => [keyOf(a, b), pair]))
  const of = (a: string, b: string) => byRefs.get(keyOf(a, b))
  const between = (x: Group, y: Group) =>
    x.flatMap((a) => y.flatMap((b) => (a === b ? [] : [{ a, b, pair: of(a, b) }])))
  const linksBetween = (x: Group, y: Group) => between(x, y).filter(({ pair }) => pair?.decision === 'auto')
  const isVetoed = (x: Group, y: Group) => between(x, y).some(({ pair }) => (pair?.vetoes.length ?? 0) > 0)
  return {
    all,
    of,
    areNear: (x, y) => x === y || linksBetween(x, y).length > 0,
    isVetoed,
    doubtBetween(x, y) {
      if (isVetoed(x, y)) return 'V12'
      return linksBetween(x, y).length === 0 ? 'V11' : undefined
    },
    hangsByOne: (refs) => hangsByOne(refs, linksAmong(refs, all)),
  }
}

function linksAmong(refs: Group, all: readonly JudgedPair[]): JudgedPair[] {
  return all.filter(({ a, b, pair }) => pair.decision === 'auto' && refs.includes(a) && refs.includes(b))
}

/**
 * One record, or one pair, must not join two groups of two or more unless by the insured number (A1): an address or
 * a telephone that found its way into the wrong record would make two people one.
 */
function hangsByOne(refs: Group, links: readonly JudgedPair[]): boolean {
  const isGroup = (part: Group) => part.length > 1
  const isWeaklyHeld = (ref: string, part: Group) =>
    !links.some(
      ({ a, b, pair }) =>
        pair.rule === 'A1' && ((a === ref && part.includes(b)) || (b === ref && part.includes(a))),
    )
  const record = refs.some((ref) => {
    const others = refs.filter((other) => other !== ref)
    const parts = connectedGroups(others, links).filter(isGroup)
    return parts.length > 1 && parts.some((part) => isWeaklyHeld(ref, part))
  })
  const pair = links.some((link) => {
    const others = links.filter((other) => other !== link)
    const parts = link.pair.rule === 'A1' ? [] : connectedGroups(refs, others)
    return parts.length > 1 && parts.every(isGroup)
  })
  return record || pair
}

function keyOf(a: string, b: string): string {
  return a < b ? `${a}\n${b}` : `${b}\n${a}`
}
