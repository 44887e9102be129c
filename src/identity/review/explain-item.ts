import type { Queryable } from '../../kernel/database.ts'
import { type Explain, explanationsAmong, type PairExplanation } from '../explain-pair.ts'
import { type PatientId, patientIdOf, refOf } from '../patient-id.ts'
import { type Item, readItem } from './read-item.ts'

/** Explains the item's registration with each of its candidates. */
export function explainItem(db: Queryable, { id, waiting }: Item): Promise<Explain> {
  return explanationsAmong(db, [refOf(id), ...waiting.map(({ ref }) => ref)])
}

export interface ExplainedCandidate {
  registration: PatientId
  since: Date
  explained: PairExplanation
}

/** Whom a registration waits to be compared with, and why, for the operator: ids and levels, no values. */
export async function explainWaiting(db: Queryable, id: PatientId): Promise<ExplainedCandidate[]> {
  const item = await readItem(db, id)
  const explain = await explainItem(db, item)
  return item.waiting.map(({ ref, since }) => {
    return { registration: patientIdOf(ref), since, explained: explain(refOf(id), ref) }
  })
}
