import { openLinkage } from '../linkage/index.ts'
import type { Sides } from './lock-persons.ts'

/** From so many registrations on, one wrong merge mixes the records of several regions. */
const LARGE = 3

/** What is no veto of the pair itself: doubts that others raise, and scores. */
const SOFT = new Set<string>(['V11', 'V12', 'floor', 'no-rule'])

/** The persons whom these registrations belong to, each once. */
export function groupsOf(sides: Sides, refs: readonly string[]): string[][] {
  const groups: string[][] = []
  for (const ref of refs) if (!groups.some((group) => group.includes(ref))) groups.push(sides.of(ref))
  return groups
}

/** Whether joining these takes two people: three registrations or more, or a veto overridden. */
export function isRisky(sides: Sides, groups: readonly (readonly string[])[]): boolean {
  if (groups.flat().length >= LARGE) return true
  const linkage = openLinkage(sides.members)
  const known = new Set(sides.members.map(({ ref }) => ref))
  const isVetoed = (a: string, b: string) =>
    known.has(a) && known.has(b) && linkage.pair(a, b).vetoes.some((veto) => !SOFT.has(veto))
  return groups.some((x, at) =>
    groups.slice(at + 1).some((y) => x.some((a) => y.some((b) => isVetoed(a, b)))),
  )
}
