import type { AuditEntry } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import { explainPairs, strongestRule } from './explain-link.ts'
import { type Held, type LinkChange, putLinks } from './link-store.ts'
import type { Cluster } from './linkage/index.ts'
import { patientIdOf } from './patient-id.ts'

export interface Decided {
  cluster: Cluster
  person: string
  /** Nobody's id before. */
  isNew: boolean
}

export interface Linked {
  /** Persons to whom registrations came, and whom they left. */
  came: string[]
  left: string[]
  /** To be put on record in the same transaction. */
  entries: AuditEntry[]
}

/** Writes what differs from what was held: new persons, links, and the events that say why. */
export async function linkAll(
  tx: Transaction,
  decided: readonly Decided[],
  holdings: readonly Held[],
  at: Date,
): Promise<Linked> {
  const held = new Map(holdings.map((holding) => [holding.ref, holding]))
  const changes = decided.flatMap(({ cluster, person }) =>
    cluster.refs.flatMap((ref) => changeOf(ref, cluster, person, held.get(ref)) ?? []),
  )
  const fresh = decided.flatMap(({ person, isNew }) => (isNew ? [person] : []))
  if (changes.length > 0) await putLinks(tx, { persons: fresh, changes }, at)
  const moved = changes.filter(({ before, person }) => before !== person)
  return {
    came: moved.map(({ person }) => person),
    left: moved.flatMap(({ before }) => before ?? []),
    entries: changes.map(({ region, localId: patient, before, person: after, rule }) => ({
      kind: 'link.made',
      at,
      detail: { region, patient, before, after, rule },
      about: [`registration:${region}|${patient}`],
    })),
  }
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
