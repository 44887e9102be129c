import type { Policy, VisitKind } from '../vocabulary/index.ts'
import { addDays, tokyoDate } from './tokyo-time.ts'

/** Proof that an institution treats or cares for a person. Days are days in Japan. */
export interface Visit {
  kind: VisitKind
  startedOn: string
  /** The last day; undefined while an admission or a care contract is open. */
  endedOn: string | undefined
}

/** The kinds that go on until they are ended; the others last the day they began. */
export const OPEN_KINDS: readonly VisitKind[] = ['inpatient', 'care-contract']

/** Whether a visit counts at that time under a council's rule: its kind, and so many days after its last. */
export function visitCounts(visit: Visit, rule: Policy['visits'], at: Date): boolean {
  const today = tokyoDate(at)
  if (!rule.kinds.includes(visit.kind)) return false
  if (visit.startedOn > today) return false
  if (visit.endedOn === undefined) return true
  return today <= addDays(visit.endedOn, rule.days)
}

/** Whether the visit that a signed query states counts: today's, and of a kind the council counts. */
export function statedVisitCounts(
  stated: { kind: VisitKind; on: string },
  rule: Policy['visits'],
  at: Date,
): boolean {
  return stated.on === tokyoDate(at) && rule.kinds.includes(stated.kind)
}
