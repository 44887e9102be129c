import type { Caller } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { checkIdentifiers, foreignSystems } from './check-identifiers.ts'
import { checkMerge } from './check-merge.ts'
import { checkReturn, checkSuccession, isTimed } from './check-succession.ts'
import { type DecidedChange, decideChange } from './decide-change.ts'
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
import { formerNeighbours } from './former-neighbours.ts'
import { guardFeed } from './guard-feed.ts'
import { keepChanges } from './keep-changes.ts'
import { endLink, findEnds, findLink } from './link-store.ts'
import { dateMerges, putMerge } from './merge-store.ts'
import type { PatientId } from './patient-id.ts'
import { openReader } from './read-index.ts'
import type { ReadPatient } from './read-patient.ts'
import { lockAndRead } from './relink.ts'
import {
  currentLocalId,
  findRegistration,
  lockBirthDates,
  lockPatientId,
  lockPatients,
  putRegistrations,
  type RegistrationRow,
} from './store.ts'

/**
 * ITI-104 add, revise and resolve duplicate: keeps one resident's registration in the caller's region and decides anew whom it
 * belongs to. A registration that no longer satisfies a rule leaves its person.
 */
export async function feedRegistration(
  tx: Transaction,
  caller: Caller,
  localId: string,
  read: ReadPatient,
  at: Date,
): Promise<FedRegistration> {
  checkIdentifiers(caller, localId, read, await foreignSystems(tx, caller, [read]))
  const id = { region: caller.region, localId }
  // In one journey: the statements of a connection run one after another, each seeing what was committed before it.
  const [, known] = await Promise.all([
    lockPatients(tx, [id, ...replacingIn(caller, read)]),
    findRegistration(tx, id),
  ])
  if (known !== undefined && isRepeated(known, read)) return repeat(tx, known, at)
  if (known === undefined) checkReturn(read, await findEnd(tx, id, read))
  else checkSuccession(known, read)
  const replacedBy = await checkMerge(tx, id, caller.patientSystem, known, read)
  if (known !== undefined && isChange(known, read)) await guardFeed(tx, id.region, 1, at)
  const feeding: Feeding = { row: rowOf(id, { ...read, replacedBy: replacedBy ?? null }, known, at), known }
  const ended = feeding.row.isActive ? undefined : await endRegistration(tx, feeding, at)
  const decided = ended?.decided ?? (await decide(tx, feeding, at))
  const fed = fedOf(feeding, decided)
  const entries = [...decided.entries, fedEntry(feeding.row, fed, at)]
  await keepChanges(
    tx,
    { puts: ended === undefined ? [putOf(feeding)] : [], changes: [decided], entries },
    at,
  )
  // Only now is the epoch of the survivor's person held, which every word under the survivor waits for.
  if (ended !== undefined && ended.fresh.length > 0) await dateMerges(tx, id.region, ended.fresh)
  return fed
}

/** The id of the region's own that the message says replaces this one. */
function replacingIn({ region, patientSystem }: Caller, { replacedBy }: ReadPatient): PatientId[] {
  return replacedBy?.system === patientSystem ? [{ region, localId: replacedBy.value }] : []
}

/** When the id last ceased to be anybody's, where the message is to be held to it. */
async function findEnd(tx: Transaction, id: PatientId, read: ReadPatient): Promise<Date | undefined> {
  const ends = await findEnds(tx, id.region, isTimed(read) ? [id.localId] : [])
  return ends.get(id.localId)
}

/** What is known already is on the record, and nothing else comes of it. */
async function repeat(tx: Transaction, known: RegistrationRow, at: Date): Promise<FedRegistration> {
  const fed = unchangedOf(known, (await findLink(tx, known))?.person)
  await keepChanges(tx, { puts: [], changes: [], entries: [fedEntry(known, fed, at)] }, at)
  return fed
}

/** What the reader asks for first goes after the locks, in the same journey. */
async function decide(tx: Transaction, feeding: Feeding, at: Date): Promise<DecidedChange> {
  const lockDays = (days: readonly string[]) => lockAndRead(tx, days)
  const [, decided] = await Promise.all([
    lockBirthDates(tx, daysOf(feeding)),
    decideFeeding(openReader(tx), feeding, at, lockDays),
  ])
  return decided
}

/**
 * Keeps a registration that is not active, takes it from its person, and decides about those it leaves. Gives the ids
 * that did not lead to its survivor before, too.
 */
async function endRegistration(
  tx: Transaction,
  feeding: Feeding,
  at: Date,
): Promise<{ decided: DecidedChange; fresh: string[] }> {
  const { row, known } = feeding
  await lockBirthDates(tx, daysOf(feeding))
  const around = known && (await formerNeighbours(openReader(tx), known))
  await putRegistrations(tx, [putOf(feeding)])
  const held = known && (await findLink(tx, row))
  if (held !== undefined) await endLink(tx, held, at)
  const { survivor, fresh } =
    row.replacedBy === null ? { survivor: undefined, fresh: [] } : await merge(tx, row, known, at)
  const change = {
    ...{ changed: row, around: around?.former ?? [], held: held?.person, isEnded: held !== undefined },
    ...{ isNew: known === undefined, days: daysOf(feeding), survivor, at },
  }
  return { decided: await decideChange(openReader(tx), change, (days) => lockAndRead(tx, days)), fresh }
}

/** Gives the person for whom the id stands from now on, and the ids that did not lead there before. */
async function merge(
  tx: Transaction,
  row: RegistrationRow,
  known: RegistrationRow | undefined,
  at: Date,
): Promise<{ survivor: string | undefined; fresh: string[] }> {
  const survivor = await currentLocalId(tx, row)
  const fresh = await putMerge(tx, { row, known, survivor }, at)
  return { survivor: await personHeld(tx, { region: row.region, localId: survivor }), fresh }
}

/**
 * The person of an id that replaces another. Where nobody has it yet it is held, so that whoever is fed under it, and
 * what they say, comes after this merge.
 */
async function personHeld(tx: Transaction, id: PatientId): Promise<string | undefined> {
  const link = await findLink(tx, id)
  if (link !== undefined) return link.person
  await lockPatientId(tx, id)
  return (await findLink(tx, id))?.person
}
