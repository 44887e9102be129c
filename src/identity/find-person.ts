import type { Queryable } from '../kernel/database.ts'
import { findLink, findMembers } from './link-store.ts'
import type { PatientId } from './patient-id.ts'
import { findRegistration } from './store.ts'

/** One registration of a person, as queries need it. */
export interface RegistrationOfPerson {
  region: string
  localId: string
  /** When the region gave the id: what it recorded under it before is about somebody else. */
  since: Date
  /** As the region has it: it may be partial. */
  birthDate: string | undefined
  sex: string | undefined
  /** 支援措置. Who is protected in one region is protected in all of them. */
  protected: boolean
}

/** The person whom a region's registration belongs to; undefined when there is no such active registration. */
export async function personOf(db: Queryable, region: string, localId: string): Promise<string | undefined> {
  return (await findLink(db, { region, localId }))?.person
}

/** When the region gave the id to whoever has it now; undefined while nobody has. */
export async function registeredSince(
  db: Queryable,
  region: string,
  localId: string,
): Promise<Date | undefined> {
  return (await findRegistration(db, { region, localId }))?.createdAt
}

export interface Person {
  id: string
  /** What the person's epoch was when the rest was read; undefined while it never moved. */
  epoch: number | undefined
  /** Every registration held to be this person, in an order that does not change. */
  registrations: RegistrationOfPerson[]
}

/** The person, by id or by one of their registrations, as of one moment; undefined when there is none. */
export async function findPerson(db: Queryable, by: string | PatientId): Promise<Person | undefined> {
  const rows = await findMembers(db, by)
  const [first] = rows
  if (first === undefined) return undefined
  const isProtected = rows.some((row) => row.isProtected)
  return {
    id: first.person,
    epoch: first.epoch === null ? undefined : Number(first.epoch),
    registrations: rows.map(({ region, localId, createdAt, birthDate, sex }) => ({
      region,
      localId,
      since: createdAt,
      birthDate: birthDate ?? undefined,
      sex: sex ?? undefined,
      protected: isProtected,
    })),
  }
}
