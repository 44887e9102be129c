import {
  findPerson,
  type HandleWon,
  type PatientId,
  type Person,
  type RegistrationOfPerson,
  readHandle,
  resolveByDemographics,
} from '../identity/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { type EpochName, readEpochs } from '../registry/index.ts'
import { saltedBirthSexHash } from '../trust/index.ts'
import { type Policy, refuse, SYSTEMS } from '../vocabulary/index.ts'
import { wonBy } from './person-named.ts'
import type { Query } from './read-query.ts'
import { missesToday } from './view-store.ts'
import { viewerOf } from './viewer.ts'

/** Of a handle that is none. */
const NOTHING_WON: HandleWon = { named: 'name-alone', isExact: false }

export interface Resolving {
  epochs: Map<EpochName, number>
  at: Date
  /** The asking council's: they also bound how many people its users may describe in vain. */
  ceilings: Policy['ceilings']
}

export interface Resolved {
  person: Person | undefined
  /** How the asker described the person, now or when the handle was won; undefined by their own registration. */
  won: HandleWon | undefined
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
  const { name, won } = await nameOf(db, query, at, ceilings)
  const person = name === undefined ? undefined : await findWithEpoch(db, name)
  if (person === undefined) return { person, won }
  epochs.set(`person:${person.id}`, person.epoch ?? 0)
  const isAgreed = person.registrations.some((each) => agrees(query, person, each))
  return { person: isAgreed ? person : undefined, won }
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
): Promise<{ name: string | PatientId | undefined; won: HandleWon | undefined }> {
  const { person, call, claims } = query
  if (person.by === 'demographics') {
    const found = await resolveByDemographics(db, person.patientText, at)
    const won = wonBy(person.patientText, found?.isByNumber === true)
    const isTooMany = await hasGuessedEnough(db, query, at, ceilings)
    return { name: isTooMany ? undefined : found?.personId, won }
  }
  if (person.system === SYSTEMS.handle) {
    const holder = { region: call.region.id, institution: claims.institution, at }
    const held = await readHandle(db, person.value, holder)
    return { name: held?.person, won: held ?? NOTHING_WON }
  }
  if (person.system !== call.region.patientSystem) throw refuse('foreign-patient-domain')
  return { name: { region: call.region.id, localId: person.value }, won: undefined }
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
