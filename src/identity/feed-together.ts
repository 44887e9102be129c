import type { AuditEntry } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'
import { checkIdentifiers, foreignSystems } from './check-identifiers.ts'
import { checkReturn, checkSuccession, isTimed } from './check-succession.ts'
import {
  daysOf,
  decideFeeding,
  type FedRegistration,
  type Feeding,
  fedEntry,
  fedOf,
  isChange,
  isRepeated,
  putOf,
  rowOf,
  unchangedOf,
} from './feeding.ts'
import { guardFeed } from './guard-feed.ts'
import { keepChanges } from './keep-changes.ts'
import { findEnds } from './link-store.ts'
import { refOf } from './patient-id.ts'
import { type IndexReader, openReader } from './read-index.ts'
import type { ReadPatient } from './read-patient.ts'
import { findRegistrations, lockBirthDates, lockPatients, type RegistrationRow } from './store.ts'

/** A resident's registration as the region says it is. */
export interface Feed {
  localId: string
  read: ReadPatient
}

/** Feeds of one transaction: others wait for the locks of their birth dates, a few tenths of a second at most. */
export const TOGETHER_MAX = 50

/** Several feeds have to be fed one after another after all. */
export class NotTogether extends Error {
  override readonly name = 'NotTogether'
}

/** What became of a feed. */
export type Fed = FedRegistration | HubError

/**
 * As `feedRegistration`, of several at once, in hardly more statements than one takes: each of those that can touch nobody
 * whom another touches, because no two of them were born on one day. Who is not in the answer has to be fed alone:
 * a second one of an id or a day, who is merged or not active, about whom somebody decided or is to decide. Throws
 * NotTogether, or `feed-halted`, where all have to be.
 */
export async function feedTogether(
  tx: Transaction,
  caller: Caller,
  feeds: readonly Feed[],
  at: Date,
): Promise<Map<Feed, Fed>> {
  const done = new Map<Feed, Fed>()
  const sound = await checked(tx, caller, feeds, done)
  if (sound.length === 0) return done
  const { region } = caller
  const ids = sound.map(({ localId }) => ({ region, localId }))
  // In one journey: the statements of a connection run one after another, each seeing what was committed before it.
  const [, registrations] = await Promise.all([lockPatients(tx, ids), findRegistrations(tx, ids.map(refOf))])
  const rows = new Map(registrations.map((row) => [row.localId, row]))
  const unknown = sound.filter(({ localId, read }) => !rows.has(localId) && isTimed(read))
  const ends = await findEnds(
    tx,
    region,
    unknown.map(({ localId }) => localId),
  )
  const { repeated, changed } = sorted(sound, { region, rows, ends }, done, at)
  const read = openReader(tx)
  // What the reader asks for first goes after the locks, in the same journey.
  const [, alone] = await Promise.all([
    lockBirthDates(tx, changed.flatMap(daysOf)),
    standingAlone(read, changed),
  ])
  const changes = alone.filter(({ read, known }) => known !== undefined && isChange(known, read)).length
  if (changes > 0) await guardFeed(tx, region, changes, at)
  const decided = await Promise.all(
    alone.map(async (feeding) => ({
      feeding,
      change: await decideFeeding(read, feeding, at, reachesFurther),
    })),
  )
  const held = await read.holdings(repeated.map(({ known }) => refOf(known)))
  const personOf = new Map(held.map(({ ref, person }) => [ref, person]))
  const entries: AuditEntry[] = decided.flatMap(({ feeding, change }) => {
    const fed = fedOf(feeding, change)
    done.set(feeding.feed, fed)
    return [...change.entries, fedEntry(feeding.row, fed, at)]
  })
  for (const { feed, known } of repeated) {
    const fed = unchangedOf(known, personOf.get(refOf(known)))
    done.set(feed, fed)
    entries.push(fedEntry(known, fed, at))
  }
  const puts = decided.map(({ feeding }) => putOf(feeding))
  await keepChanges(tx, { puts, changes: decided.map(({ change }) => change), entries }, at)
  return done
}

/** What is known of a region's ids: registrations, and when those that are gone ended. */
interface Known {
  region: string
  rows: ReadonlyMap<string, RegistrationRow>
  ends: ReadonlyMap<string, Date>
}

type Together = Feeding & Feed & { feed: Feed }

/** Those whose identifiers are as they must be, the first of each id. */
async function checked(
  tx: Transaction,
  caller: Caller,
  feeds: readonly Feed[],
  done: Map<Feed, Fed>,
): Promise<Feed[]> {
  const foreign = await foreignSystems(
    tx,
    caller,
    feeds.map(({ read }) => read),
  )
  const firsts = new Map(feeds.toReversed().map((feed) => [feed.localId, feed]))
  return feeds.filter((feed) => {
    const { localId, read } = feed
    return (
      firsts.get(localId) === feed &&
      isAccepted(feed, done, () => checkIdentifiers(caller, localId, read, foreign))
    )
  })
}

/** Whether the check lets it pass; a refusal is what became of it. */
function isAccepted(feed: Feed, done: Map<Feed, Fed>, check: () => void): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    done.set(feed, error)
    return false
  }
}

/** Who is repeated, and who is changed: of those the first of each day who was and stays active and unmerged. */
function sorted(
  feeds: readonly Feed[],
  { region, rows, ends }: Known,
  done: Map<Feed, Fed>,
  at: Date,
): { repeated: { feed: Feed; known: RegistrationRow }[]; changed: Together[] } {
  const repeated: { feed: Feed; known: RegistrationRow }[] = []
  const changed: Together[] = []
  const taken = new Set<string>()
  for (const feed of feeds) {
    const { localId, read } = feed
    const known = rows.get(localId)
    if (known !== undefined && isRepeated(known, read)) {
      repeated.push({ feed, known })
      continue
    }
    if (!read.isActive || known?.isActive === false) continue
    const check = () =>
      known === undefined ? checkReturn(read, ends.get(localId)) : checkSuccession(known, read)
    if (!isAccepted(feed, done, check)) continue
    const row = rowOf({ region, localId }, { ...read, replacedBy: null }, known, at)
    const days = daysOf({ row, known })
    if (days.some((day) => taken.has(day))) continue
    for (const day of days) taken.add(day)
    changed.push({ feed, localId, read, row, known })
  }
  return { repeated, changed }
}

/** Those about whom nobody decided anything, nor is asked to: such a decision leads to other days. */
async function standingAlone(read: IndexReader, changed: readonly Together[]): Promise<Together[]> {
  const refs = changed.flatMap(({ known }) => (known === undefined ? [] : [refOf(known)]))
  const [declared, waiting] = await Promise.all([read.declared(refs), read.waiting(refs)])
  const others = new Set([...declared, ...waiting].flatMap(({ a, b }) => [a, b]))
  return changed.filter(({ row }) => !others.has(refOf(row)))
}

/** Somebody declared one of those around the same as somebody of another day, or did so just now. */
async function reachesFurther(): Promise<never> {
  throw new NotTogether('One of the feeds reaches further than its own day.')
}
