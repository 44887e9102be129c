import type { AuditEntry } from '../audit/index.ts'
import { randomId } from '../kernel/ids.ts'
import { explainPairs } from './explain-link.ts'
import { findNeighbourhood, type Neighbourhood } from './find-neighbourhood.ts'
import { keepPersons } from './keep-persons.ts'
import { type Decided, linkChanges } from './link-changes.ts'
import type { Held, LinkChange, WaitingPair, WaitingRow } from './link-store.ts'
import type { Cluster, Member, PossibleLink } from './linkage/index.ts'
import { inOrder, type PatientId, refOf } from './patient-id.ts'
import type { IndexReader } from './read-index.ts'
import type { Persons } from './tell-link-changes.ts'

export interface Change {
  changed: PatientId
  /** The changed registration as it is from now on, where it is not written yet. */
  fresh?: Member | undefined
  /** Those whom it was linked with, or possibly was, and itself where it is written. */
  around: readonly Member[]
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

/** What is to be written of a change that was decided about, and who is touched. */
export interface DecidedChange {
  changed: PatientId
  /** The person that the changed registration belongs to now; undefined when it went. */
  personId: string | undefined
  /** Everybody about whom something changed, in the order in which their epochs are raised. */
  persons: string[]
  /** Those of them from whom somebody went. */
  left: string[]
  /** Ids of persons who are new, and links that differ from what was held. */
  made: string[]
  links: LinkChange[]
  /** Who belonged to whom, and does now; undefined where nobody came or went. */
  moved: { before: Persons; after: Persons } | undefined
  /** Pairs that wait for a person, and those that do no more. */
  waiting: WaitingPair[]
  resolved: WaitingRow[]
  /** Whether others may be bound by what the registration says, or no longer. */
  isBinding: boolean
  /** Too many registrations hang together to decide about the changed one; it stays alone. */
  isCrowded: boolean
  /** To be put on record in the same transaction, before what else the caller has to say. */
  entries: AuditEntry[]
}

/**
 * Decides anew who is one person around a registration that changed or went, and writes nothing. The caller holds the
 * locks of their birth dates; `lockDays` is asked for others that it needs, and what is read with the reader that it
 * gives is read again.
 */
export async function decideChange(
  reader: IndexReader,
  change: Change,
  lockDays: (days: readonly string[]) => Promise<IndexReader>,
): Promise<DecidedChange> {
  const { changed, held, isEnded, survivor, at } = change
  const { read, ...near } = await lockedNeighbourhood(reader, change, lockDays)
  const own = refOf(changed)
  const members = near.isCrowded ? near.start.filter(({ ref }) => ref === own) : near.members
  const refs = refsOf(members)
  const { clusters, possible } = near.linkage.cluster(refs)
  // Who had no link and has no neighbours can neither move anybody nor end a wait.
  const isNewAndAlone = held === undefined && refs.length < 2
  const [holdings, waited] = isNewAndAlone
    ? [[], []]
    : await Promise.all([read.holdings(refs), read.waiting([own, ...refs])])
  const decided = namePersons(clusters, holdings, own)
  const links = linkChanges(decided, holdings)
  const moves = links.filter(({ before, person }) => before !== person)
  const left = moves.flatMap(({ before }) => before ?? [])
  if (isEnded && held !== undefined) left.push(held)
  const personId = decided.find(({ cluster }) => cluster.refs.includes(own))?.person
  const touched = [...moves.map(({ person }) => person), ...left, held, survivor, personId]
  const waiting = [...possible, ...doubtful(changed, near)].map((pair) => waitingPair(pair, own))
  return {
    ...{ changed, personId, left, links, waiting, isCrowded: near.isCrowded },
    persons: [...new Set(touched.filter((person) => person !== undefined))].sort(),
    made: decided.flatMap(({ person, isNew }) => (isNew ? [person] : [])),
    moved: moves.length > 0 || isEnded ? personsAround(change, holdings, decided) : undefined,
    resolved: resolvedPairs(waited, waiting, own, refs),
    // Whoever is alone, and was, is bound by nobody else's registration.
    isBinding: refs.length > 1 || isEnded || survivor !== undefined,
    entries: links.map(({ region, localId: patient, before, person: after, rule }) => ({
      kind: 'link.made',
      at,
      detail: { region, patient, before, after, rule },
      about: [`registration:${region}|${patient}`],
    })),
  }
}

/**
 * Whom people have declared the same may have been born on other days, by their records: those days are locked too,
 * and everything is read again under the locks.
 */
async function lockedNeighbourhood(
  reader: IndexReader,
  { fresh, around, isNew, days }: Change,
  lockDays: (days: readonly string[]) => Promise<IndexReader>,
): Promise<Neighbourhood & { start: readonly Member[]; read: IndexReader }> {
  const locked = new Set(days)
  const own = fresh === undefined ? [] : [fresh]
  for (let read = reader, others = around; ; others = await read.members(refsOf(around))) {
    const start = [...own, ...others]
    const near = await findNeighbourhood(read, start, { isNew })
    const born = near.members.flatMap(({ features }) => features.birthDate?.day ?? [])
    const unlocked = new Set(born.filter((day) => !locked.has(day)))
    if (unlocked.size === 0) return { ...near, start, read }
    read = await lockDays([...unlocked])
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

/** It comes to wait in the item of the registration that changed. */
function waitingPair({ a: one, b: other, vetoes, pair }: PossibleLink, changed: string): WaitingPair {
  const [a, b] = inOrder(one, other)
  return {
    ...{ a, b, rule: pair.rule ?? null, vetoes, item: a === changed ? 'a' : 'b' },
    explanation: explainPairs([{ with: b, pair, vetoes }]),
  }
}

/** Of those that waited, with the changed registration or among these: those that no longer do. */
function resolvedPairs(
  waited: readonly WaitingRow[],
  waiting: readonly WaitingRow[],
  changed: string,
  among: readonly string[],
): WaitingRow[] {
  const still = new Set(waiting.map(({ a, b }) => `${a}\n${b}`))
  const isOurs = ({ a, b }: WaitingRow) =>
    a === changed || b === changed || (among.includes(a) && among.includes(b))
  return waited.filter((pair) => isOurs(pair) && !still.has(`${pair.a}\n${pair.b}`))
}
