import type { Queryable } from '../kernel/database.ts'
import type { Policy, VisitKind } from '../vocabulary/index.ts'
import { statedVisitCounts, visitCounts } from './count-visit.ts'
import { latestVisits, type RegistrationKey } from './store.ts'
import { tokyoDate } from './tokyo-time.ts'

export interface VisitQuestion {
  institution: string
  /** Undefined while nobody is found: asked all the same, so that the time taken tells nothing. */
  personId: string | undefined
  registrations: readonly RegistrationKey[]
  /** The visit that the signed query states, if any. */
  today?: { kind: VisitKind; on: string } | undefined
  /** The holder's: it says which kinds count and for how long. */
  policy: Policy
  at: Date
}

/** Whether the institution treats or cares for the person: without a visit that counts it is *unvisited*. */
export async function visitedBy(db: Queryable, asked: VisitQuestion): Promise<boolean> {
  const { institution, personId, registrations, today, policy, at } = asked
  const visits = await latestVisits(db, {
    institution,
    personId: personId ?? '',
    registrations,
    day: tokyoDate(at),
  })
  if (today !== undefined && statedVisitCounts(today, policy.visits, at)) return true
  return visits.some((visit) => visitCounts(visit, policy.visits, at))
}
