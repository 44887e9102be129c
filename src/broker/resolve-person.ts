import {
  findPerson,
  type PatientId,
  type Person,
  personOfHandle,
  type RegistrationOfPerson,
  resolveByDemographics,
} from '../identity/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { type EpochName, readEpochs } from '../registry/index.ts'
import { saltedBirthSexHash } from '../trust/index.ts'
import { type Policy, refuse, SYSTEMS } from '../vocabulary/index.ts'
import type { Query } from './read-query.ts'
import { missesToday } from './view-store.ts'
import { viewerOf } from './viewer.ts'

export interface Resolving {
  epochs: Map<EpochName, number>
  at: Date
  /** The asking council's: they also bound how many people its users may describe in vain. */
  ceilings: Policy['ceilings']
}

export interface Resolved {
  person: Person | undefined
  /** Whether the insured number that the asker described the person by is theirs. */
  isByNumber: boolean
}

/**
 * Step 2: the person asked about, with every registration held to be the same human being. Undefined for unknown,
 * ambiguous or contradicting alike: the asker gets one answer for them all. The person's epoch joins `epochs`.
 */
export async function resolvePerson(
  db: Queryable,
  query: Query,
  { epochs, at, ceilings }: Resolving,
): Promise<Resolved> {
  const { name, isByNumber = false } = await nameOf(db, query, at, ceilings)
  const person = name === undefined ? undefined : await findWithEpoch(db, name)
  if (person === undefined) return { person, isByNumber }
  epochs.set(`person:${person.id}`, person.epoch ?? 0)
  const isAgreed = person.registrations.some((each) => agrees(query, person, each))
  return { person: isAgreed ? person : undefined, isByNumber }
}

/** A person whose epoch never moved gets one, and is read again under it. */
async function findWithEpoch(db: Queryable, named: string | PatientId): Promise<Person | undefined> {
  const person = await findPerson(db, named)
  if (person === undefined || person.epoch !== undefined) return person
  await readEpochs(db, [`person:${person.id}`])
  return findPerson(db, named)
}

/** By the asker's own number where it has one; else by the person's id, which a handle or demographics lead to. */
async function nameOf(
  db: Queryable,
  query: Query,
  at: Date,
  ceilings: Policy['ceilings'],
): Promise<{ name: string | PatientId | undefined; isByNumber?: boolean }> {
  const { person, call, claims } = query
  if (person.by === 'demographics') {
    const found = await resolveByDemographics(db, person.patientText, at)
    if (await hasGuessedEnough(db, query, at, ceilings)) return { name: undefined }
    return { name: found?.personId, isByNumber: found?.isByNumber === true }
  }
  if (person.system === SYSTEMS.handle) {
    const holder = { region: call.region.id, institution: claims.institution, at }
    return { name: await personOfHandle(db, person.value, holder) }
  }
  if (person.system !== call.region.patientSystem) throw refuse('foreign-patient-domain')
  return { name: { region: call.region.id, localId: person.value } }
}

/** Birth date and sex as the asker signed them must be those of a registration; its own, where it has one. */
function agrees(query: Query, { named }: Person, registration: RegistrationOfPerson): boolean {
  if (named !== undefined) {
    if (registration.region !== named.region || registration.localId !== named.localId) return false
  }
  const { birthDate, sex } = registration
  return saltedBirthSexHash(query.birthSexSalt, birthDate ?? '', sex ?? '') === query.claims.birthSexHash
}

/**
 * Whether a user, or an institution, described as many people today whom nobody was found for as its council lets
 * it view: from then on nobody is found, refused like any other. Looked up after the search, as for anybody.
 */
async function hasGuessedEnough(
  db: Queryable,
  query: Query,
  at: Date,
  { perUser, perInstitution }: Policy['ceilings'],
): Promise<boolean> {
  const { byUser, byInstitution } = await missesToday(db, viewerOf(query, at))
  return byUser >= perUser || byInstitution >= perInstitution
}
