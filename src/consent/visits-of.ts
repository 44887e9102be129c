import type { Queryable } from '../kernel/database.ts'
import type { Policy, VisitKind } from '../vocabulary/index.ts'
import { statedVisitCounts, type Visit, visitCounts } from './count-visit.ts'
import { type ConsentOf, consentsAndVisits, type VisitsAsked } from './facts-store.ts'
import type { RegistrationKey } from './store.ts'
import { tokyoDate } from './tokyo-time.ts'

export interface VisitQuestion {
  institution: string
  /** Undefined while nobody is found: asked all the same, so that the time taken tells nothing. */
  personId: string | undefined
  registrations: readonly RegistrationKey[]
  /** The visit that the signed query states, if any. */
  today?: { kind: VisitKind; on: string } | undefined
  at: Date
}

/** Whether a visit is on record that counts under a holder's policy: it says which kinds count and for how long. */
export type VisitRecord = (policy: Policy) => boolean

/** What is on record of the institution treating or caring for the person; without it they are *unvisited*. */
export async function visitsOf(db: Queryable, asked: VisitQuestion): Promise<VisitRecord> {
  return (await readFacts(db, [], asked)).hasVisited
}

/** The same, and the consents that count at those registrations: all that a decision looks up at size. */
export async function readFacts(
  db: Queryable,
  registrations: readonly RegistrationKey[],
  asked: VisitQuestion,
): Promise<{ consentOf: ConsentOf; hasVisited: VisitRecord }> {
  const { consentOf, visits } = await consentsAndVisits(db, registrations, visitsAsked(asked))
  return { consentOf, hasVisited: countedBy(asked, visits) }
}

function visitsAsked({ institution, personId, registrations, at }: VisitQuestion): VisitsAsked {
  return { institution, personId: personId ?? '', registrations, day: tokyoDate(at) }
}

function countedBy({ today, at }: VisitQuestion, visits: readonly Visit[]): VisitRecord {
  return ({ visits: policy }) =>
    (today !== undefined && statedVisitCounts(today, policy, at)) ||
    visits.some((visit) => visitCounts(visit, policy, at))
}
