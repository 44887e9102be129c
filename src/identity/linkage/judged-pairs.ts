import { connectedGroups } from './connected-groups.ts'
import type { LinkRule } from './rules.ts'
import {
  areKindred,
  DECLARED_DIFFERENT,
  DECLARED_SAME,
  isAuto,
  isVetoed,
  NO_VERDICT,
  ruleOf,
  type Verdict,
} from './verdict.ts'

/** Registrations which are one person so far: places among those that are looked at. */
export type Group = readonly number[]

/** V11: more than one cluster qualifies. V12: a member of the cluster vetoes. */
export type Doubt = 'V11' | 'V12'

/** The verdicts about each two of some registrations, and what they say about groups of them. */
export interface JudgedPairs {
  count: number
  of(a: number, b: number): Verdict
  /** Pairs that qualify, each once. */
  links: readonly Link[]
  /** Whether anybody of the one group qualifies with anybody of the other, or they are the same group. */
  areNear(x: Group, y: Group): boolean
  isVetoed(x: Group, y: Group): boolean
  /** Why the two groups cannot be one person; undefined when they qualify. */
  doubtBetween(x: Group, y: Group): Doubt | undefined
  /** Whether one registration or one pair alone joins two groups among these. */
  hangsByOne(group: Group): boolean
}

export interface Link {
  ends: readonly [number, number]
  rule: LinkRule | undefined
}

/** Rules which may join two groups by themselves: what they stand on is one person's own. */
const STRONG: ReadonlySet<LinkRule | undefined> = new Set(['manual', 'A0', 'A1', 'A2'] as const)

export function isStrong({ rule }: Link): boolean {
  return STRONG.has(rule)
}

export function judgedPairs(count: number, judge: (a: number, b: number) => Verdict): JudgedPairs {
  const verdicts = new Uint32Array(count * count)
  const links: Link[] = []
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const verdict = judge(a, b)
      verdicts[a * count + b] = verdict
      verdicts[b * count + a] = verdict
      if (isAuto(verdict)) links.push({ ends: [a, b], rule: ruleOf(verdict) })
    }
  }
  const of = (a: number, b: number) => verdicts[a * count + b] ?? NO_VERDICT
  const some = (x: Group, y: Group, holds: (verdict: Verdict) => boolean) =>
    x.some((a) => y.some((b) => a !== b && holds(of(a, b))))
  return {
    count,
    of,
    links,
    areNear: (x, y) => x === y || some(x, y, isAuto),
    isVetoed: (x, y) => some(x, y, isVetoed),
    doubtBetween(x, y) {
      if (some(x, y, isVetoed)) return 'V12'
      // Kindred are not another person with whom somebody between them could be confused.
      return some(x, y, isAuto) || some(x, y, areKindred) ? undefined : 'V11'
    },
    hangsByOne: (group) => hangsByOne(group, links),
  }
}

/** What people have declared to be one person, first of all; nobody where they have also declared the contrary. */
export function declaredGroups({ count, of, links }: JudgedPairs): Group[] {
  const declared = links.filter(({ ends: [a, b] }) => of(a, b) === DECLARED_SAME).map(({ ends }) => ends)
  return connectedGroups(count, declared).flatMap((group) => {
    const isContradicted = group.some((a) => group.some((b) => of(a, b) === DECLARED_DIFFERENT))
    return isContradicted ? group.map((place) => [place]) : [group]
  })
}

/**
 * One registration, or one pair, must not join two groups of two or more unless by a number or key (A0 to A2): an
 * address or a telephone that found its way into the wrong record would make two people one.
 */
function hangsByOne(group: Group, all: readonly Link[]): boolean {
  if (group.length < 4) return false
  const links = all.filter(({ ends: [a, b] }) => group.includes(a) && group.includes(b))
  const isLarge = (part: Group) => part.length > 1
  const isWeaklyHeld = (place: number, part: Group) =>
    !links.some(
      (link) => isStrong(link) && link.ends.includes(place) && link.ends.some((end) => part.includes(end)),
    )
  const hangsByPlace = group.some((place) => {
    const others = group.filter((other) => other !== place)
    const parts = partsOf(others, links).filter(isLarge)
    return parts.length > 1 && parts.some((part) => isWeaklyHeld(place, part))
  })
  const hangsByPair = links.some((link) => {
    if (isStrong(link)) return false
    const others = links.filter((other) => other !== link)
    const parts = partsOf(group, others)
    return parts.length > 1 && parts.every(isLarge)
  })
  return hangsByPlace || hangsByPair
}

function partsOf(places: Group, links: readonly Link[]): Group[] {
  const within = links.flatMap(({ ends: [a, b] }) => {
    const ends = [places.indexOf(a), places.indexOf(b)] as const
    return ends.includes(-1) ? [] : [ends]
  })
  return connectedGroups(places.length, within).map((part) => part.map((at) => places[at] as number))
}
