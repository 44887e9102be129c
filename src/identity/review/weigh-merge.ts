import { openLinkage } from '../linkage/index.ts'
import type { Sides } from './lock-persons.ts'

/** From so many registrations on, one wrong merge mixes the records of several regions. */
const LARGE = 3

/** What is no veto of the pair itself: doubts that others raise, and scores. */
const SOFT = new Set<string>(['V11', 'V12', 'floor', 'no-rule'])

/** Whether joining the two sides takes two people: three registrations or more, or a veto overridden. */
export function isRisky(sides: Sides, left: readonly string[], right: readonly string[]): boolean {
  if (left.length + right.length >= LARGE) return true
  const linkage = openLinkage(sides.members)
  const known = new Set(sides.members.map(({ ref }) => ref))
  return left.some((a) =>
    right.some(
      (b) => known.has(a) && known.has(b) && linkage.pair(a, b).vetoes.some((veto) => !SOFT.has(veto)),
    ),
  )
}
