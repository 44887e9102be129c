import type { Queryable } from '../kernel/database.ts'
import type { Member } from './cluster-registrations.ts'
import { memberOf } from './find-neighbourhood.ts'
import { findHoldings, findPossiblePartners } from './link-store.ts'
import { type PatientId, refOf } from './patient-id.ts'
import { findRegistrations } from './store.ts'

/**
 * Those whom the registration was linked with, or possibly was, before it changed: with it gone from among them
 * they may come apart, or come together.
 */
export async function formerNeighbours(db: Queryable, id: PatientId): Promise<Member[]> {
  const ref = refOf(id)
  const linked = (await findHoldings(db, [ref])).map((held) => held.ref)
  const refs = new Set([...linked, ...(await findPossiblePartners(db, id))])
  refs.delete(ref)
  return (await findRegistrations(db, [...refs])).filter(({ isActive }) => isActive).map(memberOf)
}
