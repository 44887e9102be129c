import { present } from '../kernel/must.ts'
import { explainPairs, strongestRule } from './explain-link.ts'
import type { Held, LinkChange } from './link-store.ts'
import type { Cluster } from './linkage/index.ts'
import { patientIdOf } from './patient-id.ts'

export interface Decided {
  cluster: Cluster
  person: string
  /** Nobody's id before. */
  isNew: boolean
}

/** What differs from what was held. */
export function linkChanges(decided: readonly Decided[], holdings: readonly Held[]): LinkChange[] {
  const held = new Map(holdings.map((holding) => [holding.ref, holding]))
  return decided.flatMap(({ cluster, person }) =>
    cluster.refs.flatMap((ref) => changeOf(ref, cluster, person, held.get(ref)) ?? []),
  )
}

/** Undefined where the registration stays with its person, by the same rule. */
function changeOf(
  ref: string,
  { reasons }: Cluster,
  person: string,
  before: Held | undefined,
): LinkChange | undefined {
  const explanation = explainPairs(present(reasons.get(ref), 'a cluster explains each of its own'))
  const rule = strongestRule(explanation) ?? null
  if (before?.person === person && before.rule === rule) return undefined
  return { ...patientIdOf(ref), before: before?.person ?? null, person, rule, explanation }
}
