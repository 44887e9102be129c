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
  const linked = (await findHoldings(db, [ref])).map((held) => held.ref)
  const household = await findCandidates(db, numberKeys(known.features), HOUSEHOLD_MAX)
  const refs = new Set([...linked, ...(await findPossiblePartners(db, known)), ...household.map(refOf)])
  refs.delete(ref)
  return readMembers(db, [...refs])
}
