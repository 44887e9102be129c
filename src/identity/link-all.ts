import { recordAudit } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import { explainPairs, strongestRule } from './explain-link.ts'
import { type Held, putLink } from './link-store.ts'
import type { Cluster } from './linkage/index.ts'
import { patientIdOf } from './patient-id.ts'

interface Decided {
  ref: string
  cluster: Cluster
  person: string
  before: Held | undefined
  at: Date
}

/** Says to whom registrations came, and whom they left. */
export async function linkAll(
  tx: Transaction,
  decided: readonly { cluster: Cluster; person: string }[],
  holdings: readonly Held[],
  at: Date,
): Promise<{ came: string[]; left: string[] }> {
  const held = new Map(holdings.map((holding) => [holding.ref, holding]))
  const [came, left]: [string[], string[]] = [[], []]
  for (const { cluster, person } of decided) {
    for (const ref of cluster.refs) {
      const before = held.get(ref)
      if (!(await linkOne(tx, { ref, cluster, person, before, at }))) continue
      came.push(person)
      if (before !== undefined) left.push(before.person)
    }
  }
  return { came, left }
}

/** Writes what differs from what was held; says whether the registration came to another person. */
async function linkOne(tx: Transaction, { ref, cluster, person, before, at }: Decided): Promise<boolean> {
  const explanation = explainPairs(present(cluster.reasons.get(ref), 'a cluster explains each of its own'))
  const rule = strongestRule(explanation) ?? null
  if (before?.person === person && before.rule === rule) return false
  const id = patientIdOf(ref)
  const event = { before: before?.person ?? null, after: person, rule, explanation, at }
  await putLink(tx, { ...id, person, rule, decidedAt: at }, event)
  await recordAudit(tx, {
    kind: 'link.made',
    at,
    detail: { region: id.region, patient: id.localId, before: event.before, after: person, rule },
  })
  return before?.person !== person
}
