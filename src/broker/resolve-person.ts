import {
  personOf,
  personOfHandle,
  type RegistrationOfPerson,
  registrationsOf,
  resolveByDemographics,
} from '../identity/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { type EpochName, readEpochs } from '../registry/index.ts'
import { saltedBirthSexHash } from '../trust/index.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import type { Query } from './read-query.ts'

/** The person asked about, with every registration held to be the same human being. */
export interface ResolvedPerson {
  id: string
  registrations: RegistrationOfPerson[]
}

/**
 * Step 2. Undefined for unknown, ambiguous or contradicting alike: the asker gets one answer for them all.
 * The person's epoch joins `epochs` before the registrations are read.
 */
export async function resolvePerson(
  db: Queryable,
  query: Query,
  epochs: Map<EpochName, number>,
  at: Date,
): Promise<ResolvedPerson | undefined> {
  const id = await personIdOf(db, query, at)
  if (id === undefined) return undefined
  const name: EpochName = `person:${id}`
  epochs.set(name, (await readEpochs(db, [name])).get(name) ?? 0)
  const registrations = await registrationsOf(db, id)
  if (!registrations.some((each) => agrees(query, each))) return undefined
  return { id, registrations }
}

async function personIdOf(db: Queryable, query: Query, at: Date): Promise<string | undefined> {
  const { person, call, claims } = query
  if (person.by === 'demographics') return (await resolveByDemographics(db, person.patientText, at))?.personId
  if (person.system === SYSTEMS.handle) {
    return personOfHandle(db, person.value, { region: call.region.id, institution: claims.institution, at })
  }
  if (person.system !== call.region.patientSystem) throw refuse('foreign-patient-domain')
  return personOf(db, call.region.id, person.value)
}

/** Birth date and sex as the asker signed them must be those of a registration; its own, where it has one. */
function agrees(query: Query, registration: RegistrationOfPerson): boolean {
  const { person, call } = query
  if (person.by === 'identifier' && person.system === call.region.patientSystem) {
    if (registration.region !== call.region.id || registration.localId !== person.value) return false
  }
  const { birthDate, sex } = registration
  return saltedBirthSexHash(query.birthSexSalt, birthDate ?? '', sex ?? '') === query.claims.birthSexHash
}
