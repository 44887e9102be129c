import type { Queryable } from '../kernel/database.ts'
import { findLink, findMembers } from './link-store.ts'
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

/** Every registration held to be this person, in an order that does not change. */
export async function registrationsOf(db: Queryable, personId: string): Promise<RegistrationOfPerson[]> {
  const rows = await findMembers(db, personId)
  const isProtected = rows.some((row) => row.isProtected)
  return rows.map(({ region, localId, createdAt, birthDate, sex }) => ({
    region,
    localId,
    since: createdAt,
    birthDate: birthDate ?? undefined,
    sex: sex ?? undefined,
    protected: isProtected,
  }))
}
