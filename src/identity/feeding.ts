import { isDeepStrictEqual } from 'node:util'
import type { AuditEntry } from '../audit/index.ts'
import { keepDeath } from './death-from.ts'
import { type Change, type DecidedChange, decideChange } from './decide-change.ts'
import { formerNeighbours } from './former-neighbours.ts'
import { keysOf } from './keys-of.ts'
import { encodeRegistration, type Features, NORM } from './normalise/index.ts'
import { type PatientId, refOf } from './patient-id.ts'
import { patientSchema } from './patient-schema.ts'
import type { IndexReader } from './read-index.ts'
import type { ReadPatient } from './read-patient.ts'
import { searchedNames } from './searched-names.ts'
import type { PutRegistration, RegistrationRow } from './store.ts'

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

/** A registration as it is to be, and as it was. */
export interface Feeding {
  row: RegistrationRow
  known: RegistrationRow | undefined
}

/** Whether the region says again what is known of the id; `isMergeHeld`: so does the hub of its merge. */
export function isRepeated(known: RegistrationRow, read: ReadPatient): boolean {
  // A merge that was taken back, since the other id was removed, may be told again.
  const isMergeHeld = (known.replacedBy === null) === (read.replacedBy === undefined)
  return known.source === read.source && known.norm === NORM && isMergeHeld
}

/** Whether anybody could be linked otherwise for it; another spelling, or a new way of folding, is no change. */
export function isChange(known: RegistrationRow, { source, features, isActive }: ReadPatient): boolean {
  if (known.source === source) return false
  const before =
    known.norm === NORM ? known.features : encodeRegistration(patientSchema.parse(JSON.parse(known.source)))
  const plain = (each: Features): unknown => JSON.parse(JSON.stringify({ ...each, deathFrom: undefined }))
  return known.isActive !== isActive || !isDeepStrictEqual(plain(before), plain(features))
}

export function rowOf(
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
    features: keepDeath(features, known?.features),
    norm: NORM,
    ...searchedNames(features),
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    isActive,
    isProtected,
    replacedBy,
    createdAt: known?.createdAt ?? at,
    updatedAt: at,
  }
}

/** The birth dates under whose locks it is decided. */
export function daysOf({ row, known }: Feeding): string[] {
  return [known, row].flatMap((each) => each?.features.birthDate?.day ?? [])
}

export function putOf({ row, known }: Feeding): PutRegistration {
  const keys = (each: RegistrationRow | undefined) => (each?.isActive ? keysOf(each.features) : [])
  return { row, keys: { before: keys(known), after: keys(row) } }
}

/** Decides about a registration that is active and not written yet. */
export async function decideFeeding(
  read: IndexReader,
  feeding: Feeding,
  at: Date,
  lockDays: Parameters<typeof decideChange>[2],
): Promise<DecidedChange> {
  const { row, known } = feeding
  // What is needed at all events is asked for in one turn.
  const [around] = await Promise.all([
    known === undefined ? undefined : formerNeighbours(read, known),
    read.candidates(keysOf(row.features)),
    read.models(),
  ])
  const change: Change = {
    ...{ changed: row, fresh: { ref: refOf(row), features: row.features } },
    ...{ around: around?.former ?? [], held: around?.person, isEnded: false, isNew: known === undefined },
    ...{ days: daysOf(feeding), at },
  }
  return decideChange(read, change, lockDays)
}

export function fedOf({ row, known }: Feeding, decided: DecidedChange): FedRegistration {
  const { personId, persons, isCrowded } = decided
  const outcome = known === undefined ? 'created' : 'updated'
  return { outcome, version: row.version, personId, epochsRaised: persons, isCrowded }
}

export function unchangedOf(known: RegistrationRow, personId: string | undefined): FedRegistration {
  return { outcome: 'unchanged', version: known.version, personId, epochsRaised: [], isCrowded: false }
}

/** What the log says of it. */
export function fedEntry({ region, localId, replacedBy }: RegistrationRow, fed: FedRegistration, at: Date) {
  return {
    kind: 'registration.feed',
    at,
    detail: {
      ...{ region, patient: localId, outcome: fed.outcome, version: fed.version },
      ...{ person: fed.personId ?? null, isCrowded: fed.isCrowded },
      ...(replacedBy === null ? {} : { replacedBy }),
    },
    about: [`registration:${region}|${localId}`],
  } as const satisfies AuditEntry
}
