import type { AuditEntry } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { randomId } from '../kernel/ids.ts'
import { bumpEpochs } from '../registry/index.ts'
import { findNeighbourhood, type Neighbourhood, readMembers } from './find-neighbourhood.ts'
import { deleteHandles } from './handle-store.ts'
import { keepPersons } from './keep-persons.ts'
import { type Decided, linkAll } from './link-all.ts'
import { findHoldings, type Held, replacePossibleLinks } from './link-store.ts'
import type { Cluster, Member, PossibleLink } from './linkage/index.ts'
import { type PatientId, refOf } from './patient-id.ts'
import { lockBirthDates } from './store.ts'
import { type Persons, tellLinkChanges } from './tell-link-changes.ts'
import { tellStanding } from './tell-standing.ts'

export interface Change {
  changed: PatientId
  /** The changed registration, unless it went, and those whom it was linked with, or possibly was. */
  start: readonly Member[]
  /** The person it belonged to; `isEnded` when it went from there. */
  held: string | undefined
  isEnded: boolean
  /** Whether nobody had the id before. */
  isNew: boolean
  /** Birth dates whose locks the caller holds. */
  days: readonly string[]
  /** The person of the registration that it was merged into. */
  survivor?: string | undefined
  at: Date
}

export interface Relinking {
  /** The person that the changed registration belongs to now; undefined when it went. */
  personId: string | undefined
  /** Everybody about whom something changed, in the order in which their epochs were raised. */
  persons: string[]
  /** Too many registrations hang together to decide about the changed one; it stays alone. */
  isCrowded: boolean
  /** To be put on record in the same transaction, before what else the caller has to say. */
  entries: AuditEntry[]
}

/**
 * Decides anew who is one person around a registration that changed or went. The caller holds the locks of their
 * birth dates.
 */
export async function relink(tx: Transaction, change: Change): Promise<Relinking> {
  const { changed, held, isEnded, survivor, at } = change
  const near = await lockedNeighbourhood(tx, change)
  const members = near.isCrowded ? near.start.filter(({ ref }) => ref === refOf(changed)) : near.members
  const refs = refsOf(members)
  const { clusters, possible } = near.linkage.cluster(refs)
  // Who had no link and has no neighbours can neither move anybody nor end a wait.
  const isNewAndAlone = held === undefined && refs.length < 2
  const holdings = isNewAndAlone ? [] : await findHoldings(tx, refs)
  const decided = namePersons(clusters, holdings, refOf(changed))
  const { came, left, entries } = await linkAll(tx, decided, holdings, at)
  if (came.length > 0 || isEnded) await tellLinkChanges(tx, personsAround(change, holdings, decided), at)
  const waiting = [...possible, ...doubtful(changed, near)]
  if (!isNewAndAlone || waiting.length > 0) await replacePossibleLinks(tx, changed, refs, waiting, at)
  if (isEnded && held !== undefined) left.push(held)
  const personId = decided.find(({ cluster }) => cluster.refs.includes(refOf(changed)))?.person
  const touched = [...came, ...left, held, survivor, personId].filter((person) => person !== undefined)
  const persons = await raiseEpochs(tx, touched)
  // Whoever is alone, and was, is bound by nobody else's registration.
  if (refs.length > 1 || isEnded || survivor !== undefined) await tellStanding(tx, { persons, changed }, at)
  // After the epochs: a release that issues a handle holds them, and its handle is seen only when it has ended.
  await deleteHandles(tx, left)
  return { personId, persons, isCrowded: near.isCrowded, entries }
}

/**
 * Whom people have declared the same may have been born on other days, by their records: those days are locked too,
 * and everything is read again under the locks.
 */
async function lockedNeighbourhood(
  tx: Transaction,
  { start, isNew, days }: Change,
): Promise<Neighbourhood & { start: readonly Member[] }> {
  const locked = new Set(days)
  for (let from = start; ; from = await readMembers(tx, refsOf(start))) {
    const near = await findNeighbourhood(tx, from, { isNew })
    const others = near.members.flatMap(({ features }) => features.birthDate?.day ?? [])
    const unlocked = new Set(others.filter((day) => !locked.has(day)))
    if (unlocked.size === 0) return { ...near, start: from }
    await lockBirthDates(tx, unlocked)
    for (const day of unlocked) locked.add(day)
  }
}

/** Who belonged to whom, and does now. Whoever is held outside the clusters stays where they were. */
function personsAround(
  { changed, held, isEnded }: Change,
  holdings: readonly Held[],
  decided: readonly Decided[],
): { before: Persons; after: Persons } {
  const before = holdings.map(({ ref, person }) => [ref, person] as const)
  if (isEnded && held !== undefined) before.push([refOf(changed), held])
  const moved = decided.flatMap(({ cluster, person }) => cluster.refs.map((ref) => [ref, person] as const))
  const after = new Map([...holdings.map(({ ref, person }) => [ref, person] as const), ...moved])
  return { before: companionsOf(before), after: companionsOf([...after]) }
}

function companionsOf(held: readonly (readonly [string, string])[]): Persons {
  const groups = Map.groupBy(held, ([, person]) => person)
  return new Map(held.map(([ref, person]) => [ref, (groups.get(person) ?? []).map(([each]) => each)]))
}

function refsOf(members: readonly Member[]): string[] {
  return members.map(({ ref }) => ref)
}

/** Who each cluster goes on being; whoever is somebody new gets a person of their own. */
function namePersons(clusters: readonly Cluster[], holdings: readonly Held[], changed: string): Decided[] {
  const refs = clusters.map((cluster) => cluster.refs)
  const kept = keepPersons(refs, holdings, changed)
  return clusters.map((cluster, index) => {
    const person = kept[index]
    return { cluster, person: person ?? randomId(), isNew: person === undefined }
  })
}

/** Pairs of the changed registration with others outside its neighbourhood which a person must decide. */
function doubtful(changed: PatientId, { members, compared, linkage }: Neighbourhood): PossibleLink[] {
  const own = members.find(({ ref }) => ref === refOf(changed))
  if (own === undefined) return []
  return compared.flatMap(({ ref }) => {
    if (members.some((member) => member.ref === ref)) return []
    const pair = linkage.pair(own.ref, ref)
    return pair.decision === 'review' ? [{ a: own.ref, b: ref, vetoes: pair.vetoes, pair }] : []
  })
}

async function raiseEpochs(tx: Transaction, persons: Iterable<string>): Promise<string[]> {
  const sorted = [...new Set(persons)].sort()
  await bumpEpochs(tx, 'person', sorted)
  return sorted
}
