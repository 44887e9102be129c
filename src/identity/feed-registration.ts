import { isDeepStrictEqual } from 'node:util'
import { type AuditEntry, recordAudits } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { findRegionBySystem } from '../registry/index.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import { checkMerge } from './check-merge.ts'
import { checkReturn, checkSuccession } from './check-succession.ts'
import { formerNeighbours } from './former-neighbours.ts'
import { guardFeed } from './guard-feed.ts'
import { endLink, findLink } from './link-store.ts'
import { type Member, releaseKeys } from './linkage/index.ts'
import { putMerge } from './merge-store.ts'
import { encodeRegistration, type Features, NORM } from './normalise/index.ts'
import { type PatientId, refOf } from './patient-id.ts'
import { patientSchema } from './patient-schema.ts'
import type { ReadPatient } from './read-patient.ts'
import { relink } from './relink.ts'
import {
  currentLocalId,
  findRegistration,
  lockBirthDates,
  lockPatientId,
  putRegistration,
  type RegistrationRow,
} from './store.ts'

export interface FedRegistration {
  outcome: 'created' | 'updated' | 'unchanged'
  version: number
  /** Undefined while the region itself says that the registration is not active. */
  personId: string | undefined
  /** Persons about whom something changed; their epochs were raised. */
  epochsRaised: string[]
  /** Too many alike to decide about: filler, which stays alone. */
  isCrowded: boolean
}

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
  await checkIdentifiers(tx, caller, localId, read)
  const id = { region: caller.region, localId }
  await lockPatientId(tx, id)
  const known = await findRegistration(tx, id)
  // A merge that was taken back, since the other id was removed, may be told again.
  const isMergeHeld = (known?.replacedBy == null) === (read.replacedBy === undefined)
  const isUnchanged = known?.source === read.source && known.norm === NORM && isMergeHeld
  if (known === undefined) await checkReturn(tx, id, read)
  else if (!isUnchanged) checkSuccession(known, read)
  const replacedBy = isUnchanged
    ? known.replacedBy
    : await checkMerge(tx, id, caller.patientSystem, known, read)
  if (known !== undefined && isChange(known, read)) await guardFeed(tx, id.region, 1, at)
  const row = rowOf(id, { ...read, replacedBy: replacedBy ?? null }, known, at)
  const { entries, ...fed } = isUnchanged ? await unchanged(tx, known) : await keep(tx, row, known, at)
  const own = {
    kind: 'registration.feed',
    at,
    detail: {
      ...{ region: id.region, patient: localId, outcome: fed.outcome, version: fed.version },
      ...{ person: fed.personId ?? null, isCrowded: fed.isCrowded },
      ...(row.replacedBy === null ? {} : { replacedBy: row.replacedBy }),
    },
    about: [`registration:${id.region}|${localId}`],
  } as const
  await recordAudits(tx, [...entries, own])
  return fed
}

/** Whether anybody could be linked otherwise for it; another spelling, or a new way of folding, is no change. */
function isChange(known: RegistrationRow, { source, features, isActive }: ReadPatient): boolean {
  if (known.source === source) return false
  const before =
    known.norm === NORM ? known.features : encodeRegistration(patientSchema.parse(JSON.parse(known.source)))
  const plain = (each: Features): unknown => JSON.parse(JSON.stringify(each))
  return known.isActive !== isActive || !isDeepStrictEqual(plain(before), plain(features))
}

/** With what is to be put on record about it. */
type Kept = FedRegistration & { entries: AuditEntry[] }

async function keep(
  tx: Transaction,
  row: RegistrationRow,
  known: RegistrationRow | undefined,
  at: Date,
): Promise<Kept> {
  const days = [known, row].flatMap((each) => each?.features.birthDate?.day ?? [])
  await lockBirthDates(tx, days)
  const [former, held] =
    known === undefined
      ? [[], undefined]
      : await Promise.all([formerNeighbours(tx, known), findLink(tx, row)])
  await putRegistration(tx, row, { before: keysOf(known), after: keysOf(row) })
  const own: Member[] = row.isActive ? [{ ref: refOf(row), features: row.features }] : []
  const isEnded = !row.isActive && held !== undefined
  if (isEnded) await endLink(tx, held, at)
  const start = [...own, ...former]
  const survivor = row.replacedBy === null ? undefined : await merge(tx, row, known, at)
  const change = {
    changed: row,
    start,
    held: held?.person,
    isEnded,
    isNew: known === undefined,
    days,
    survivor,
    at,
  }
  const { personId, persons, isCrowded, entries } = await relink(tx, change)
  return {
    outcome: known === undefined ? 'created' : 'updated',
    version: row.version,
    personId,
    epochsRaised: persons,
    isCrowded,
    entries,
  }
}

/** Gives the person for whom the id stands from now on. */
async function merge(
  tx: Transaction,
  row: RegistrationRow,
  known: RegistrationRow | undefined,
  at: Date,
): Promise<string | undefined> {
  const survivor = await currentLocalId(tx, row)
  await putMerge(tx, { row, known, survivor }, at)
  return (await findLink(tx, { region: row.region, localId: survivor }))?.person
}

async function unchanged(tx: Transaction, known: RegistrationRow): Promise<Kept> {
  const personId = (await findLink(tx, known))?.person
  return {
    outcome: 'unchanged',
    version: known.version,
    personId,
    epochsRaised: [],
    isCrowded: false,
    entries: [],
  }
}

function keysOf(row: RegistrationRow | undefined): bigint[] {
  return row?.isActive ? releaseKeys(row.features) : []
}

function rowOf(
  id: PatientId,
  read: Omit<ReadPatient, 'replacedBy'> & { replacedBy: string | null },
  known: RegistrationRow | undefined,
  at: Date,
): RegistrationRow {
  const { source, patient, features, isActive, isProtected, replacedBy } = read
  return {
    ...id,
    version: (known?.version ?? 0) + 1,
    source,
    features,
    norm: NORM,
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    isActive,
    isProtected,
    replacedBy,
    createdAt: known?.createdAt ?? at,
    updatedAt: at,
  }
}

/** Exactly one id in the region's own system, the one asked for, and none in another region's. */
async function checkIdentifiers(
  tx: Transaction,
  caller: Caller,
  localId: string,
  { patient: { identifier = [] } }: ReadPatient,
): Promise<void> {
  const own = identifier.filter(({ system }) => system === caller.patientSystem)
  if (own.length !== 1 || own[0]?.value !== localId)
    throw refuse('resource-invalid', { at: 'Patient.identifier' })
  for (const system of new Set(identifier.map((each) => each.system))) {
    if (system === undefined || system === caller.patientSystem || system === SYSTEMS.insuredNumber) continue
    if ((await findRegionBySystem(tx, system)) !== undefined) {
      throw refuse('foreign-patient-domain', { at: 'Patient.identifier' })
    }
  }
}
