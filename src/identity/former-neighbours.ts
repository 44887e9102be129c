import type { Queryable } from '../kernel/database.ts'
import { readMembers } from './find-neighbourhood.ts'
import { findHoldings, findPossiblePartners } from './link-store.ts'
import { type Member, numberKeys } from './linkage/index.ts'
import { refOf } from './patient-id.ts'
import { findCandidates, type RegistrationRow } from './store.ts'

/** More than twins are many times over: a number that so many share is filler. */
const HOUSEHOLD_MAX = 64

/**
 * Those whom the registration was linked with, or possibly was, before it changed, and who share its number and birth
 * date: with it gone from among them they may come apart, or come together.
 */
export async function formerNeighbours(db: Queryable, known: RegistrationRow): Promise<Member[]> {
  const ref = refOf(known)
  // Three questions in one journey to the database.
  const [linked, household, partners] = await Promise.all([
    findHoldings(db, [ref]),
    findCandidates(db, numberKeys(known.features), HOUSEHOLD_MAX),
    findPossiblePartners(db, known),
  ])
  const refs = new Set([...linked.map((held) => held.ref), ...partners, ...household.map(refOf)])
  refs.delete(ref)
  return readMembers(db, [...refs])
}
