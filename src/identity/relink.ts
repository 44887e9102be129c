import { recordAudit } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { randomId } from '../kernel/ids.ts'
import { bumpEpoch } from '../registry/index.ts'
import { type Clustering, clusterRegistrations } from './cluster-registrations.ts'
import {
  blockingKeys,
  findCandidates,
  findLinks,
  findMembers,
  insertPerson,
  putLink,
  type RegistrationRow,
  replacePossibleLinks,
} from './store.ts'

/** More registrations of one birth date that all hang together are shared dummies, not one family. */
const NEIGHBOURS_MAX = 200

/**
 * Decides anew who is one person among `start` and all that hangs together with it. The caller holds the locks of
 * the birth dates. A person's id stays with the cluster that keeps the most of its registrations.
 */
export async function relink(tx: Transaction, start: readonly RegistrationRow[], at: Date): Promise<void> {
  const members = await neighbourhood(tx, start)
  if (members.length === 0) return
  const clustering = clusteringOf(members)
  const before = new Map(
    (
      await findLinks(
        tx,
        members.map(({ id }) => id),
      )
    ).map((row) => [row.registration, row.person]),
  )
  const taken = new Set<string>()
  const moved = new Set<string>()
  const claims = [...clustering.clusters].sort(
    (a, b) => b.ids.length - a.ids.length || (a.ids[0] ?? 0) - (b.ids[0] ?? 0),
  )
  for (const cluster of claims) {
    const person = personFor(cluster.ids, before, taken) ?? randomId()
    if (![...before.values()].includes(person)) await insertPerson(tx, person, at)
    taken.add(person)
    for (const id of cluster.ids) {
      const held = before.get(id)
      await putLink(tx, linkRow(id, person, cluster, at), held)
      if (held === person) continue
      moved.add(person)
      if (held !== undefined) moved.add(held)
      await recordAudit(tx, {
        kind: 'link.made',
        at,
        detail: {
          registration: id,
          before: held ?? null,
          after: person,
          rule: cluster.rules.get(id)?.rule ?? 'alone',
        },
      })
    }
  }
  await replacePossibleLinks(
    tx,
    members.map(({ id }) => id),
    clustering.possible,
    at,
  )
  for (const person of [...moved].sort()) await bumpEpoch(tx, 'person', person)
}

function linkRow(id: number, person: string, cluster: Clustering['clusters'][number], at: Date) {
  const reason = cluster.rules.get(id)
  const explanation = reason === undefined ? {} : { with: reason.with, fields: reason.pair.fields }
  return { registration: id, person, rule: reason?.rule ?? ('alone' as const), explanation, decidedAt: at }
}

/** The person most of the cluster's registrations had, if no other cluster claimed it. */
function personFor(ids: number[], before: Map<number, string>, taken: Set<string>): string | undefined {
  const counts = new Map<string, number>()
  for (const id of ids) {
    const person = before.get(id)
    if (person !== undefined && !taken.has(person)) counts.set(person, (counts.get(person) ?? 0) + 1)
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0]
}

function clusteringOf(members: RegistrationRow[]): Clustering {
  if (members.length <= NEIGHBOURS_MAX) return clusterRegistrations(members)
  return { clusters: members.map(({ id }) => ({ ids: [id], rules: new Map() })), possible: [] }
}

/** All registrations that hang together with `start` by blocking keys or by links made before, to a bound. */
async function neighbourhood(tx: Transaction, start: readonly RegistrationRow[]): Promise<RegistrationRow[]> {
  const found = new Map(start.map((row) => [row.id, row]))
  let fresh = [...start]
  while (fresh.length > 0 && found.size <= NEIGHBOURS_MAX) {
    const links = await findLinks(
      tx,
      fresh.map(({ id }) => id),
    )
    const near = [
      ...(await findMembers(tx, [...new Set(links.map(({ person }) => person))])),
      ...(await candidatesOf(tx, fresh)),
    ]
    fresh = near.filter(({ id }) => !found.has(id))
    for (const row of fresh) found.set(row.id, row)
  }
  return [...found.values()].sort((a, b) => a.id - b.id)
}

async function candidatesOf(tx: Transaction, rows: readonly RegistrationRow[]): Promise<RegistrationRow[]> {
  const near: RegistrationRow[] = []
  for (const keys of Map.groupBy(
    rows.map(({ features }) => blockingKeys(features)),
    ({ birthDate }) => birthDate,
  ).values()) {
    near.push(...(await findCandidates(tx, keys, NEIGHBOURS_MAX + 1)))
  }
  return near
}
