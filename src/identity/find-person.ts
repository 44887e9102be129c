import type { Queryable } from '../kernel/database.ts'
import { findLink, findMembers } from './link-store.ts'
import type { FormerRow } from './merge-store.ts'
import type { PatientId } from './patient-id.ts'
import { currentLocalId, findRegistration } from './store.ts'

/** One registration of a person, as queries need it. */
export interface RegistrationOfPerson {
  region: string
  localId: string
  /** When the region gave the id: what it recorded under it before is about somebody else. */
  since: Date
  /** Ids that were merged into it: what was refused or ended under them still counts. */
  formers: FormerId[]
  /** As the region has it: it may be partial. */
  birthDate: string | undefined
  sex: string | undefined
  /** 支援措置. Who is protected in one region is protected in all of them. */
  protected: boolean
  /** YYYY-MM-DD; the earliest that any registration says, a merged one too: nobody dies in one region only. */
  deceasedOn: string | undefined
}

/** An id that another one replaced. */
export interface FormerId {
  region: string
  localId: string
  since: Date
  mergedAt: Date
}

export function formerIdOf(
  region: string,
  { localId, since, mergedAt }: Pick<FormerRow, 'localId' | 'since' | 'mergedAt'>,
): FormerId {
  return { region, localId, since: new Date(since), mergedAt: new Date(mergedAt) }
}

/** The person whom a region's id stands for, also after a merge; undefined when there is no active registration. */
export async function personOf(db: Queryable, region: string, localId: string): Promise<string | undefined> {
  const held =
    (await findLink(db, { region, localId })) ?? (await findLink(db, await current(db, { region, localId })))
  return held?.person
}

async function current(db: Queryable, id: PatientId): Promise<PatientId> {
  return { region: id.region, localId: await currentLocalId(db, id) }
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
  /** The id that stands for the one asked by, after a merge; undefined where the person was asked for by another name. */
  named: PatientId | undefined
  /** Every registration held to be this person, in an order that does not change. */
  registrations: RegistrationOfPerson[]
}

/** The person, by id or by one of their registrations, as of one moment; undefined when there is none. */
export async function findPerson(db: Queryable, by: string | PatientId): Promise<Person | undefined> {
  const asked = await findMembers(db, by)
  // Nobody has the id: it may have been merged into another, which is rare, so it costs a look only then.
  const named = typeof by === 'string' ? undefined : asked.length > 0 ? by : await current(db, by)
  const rows = asked.length > 0 || named === undefined ? asked : await findMembers(db, named)
  const [first] = rows
  if (first === undefined) return undefined
  const told = [...rows, ...rows.flatMap(({ formers }) => formers ?? [])]
  const isProtected = told.some((row) => row.isProtected)
  const [deceasedOn] = told.flatMap((row) => row.deceasedOn ?? []).sort()
  return {
    id: first.person,
    named,
    epoch: first.epoch === null ? undefined : Number(first.epoch),
    registrations: rows.map(({ region, localId, createdAt, birthDate, sex, formers }) => ({
      region,
      localId,
      since: createdAt,
      formers: (formers ?? []).map((each) => formerIdOf(region, each)),
      birthDate: birthDate ?? undefined,
      sex: sex ?? undefined,
      protected: isProtected,
      deceasedOn,
    })),
  }
}
