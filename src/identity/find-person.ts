import { createHash } from 'node:crypto'
import { recordAudit } from '../audit/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { randomId } from '../kernel/ids.ts'
import { JsonRefused, parseJson } from '../kernel/strict-json.ts'
import { SYSTEMS } from '../vocabulary/index.ts'
import { decideLink, vetoesOf } from './decide-link.ts'
import { encodeRegistration } from './encode-registration.ts'
import { holdsMyNumber } from './my-number.ts'
import { feedPatientSchema } from './patient-schema.ts'
import {
  blockingKeys,
  findCandidates,
  findHandle,
  findLinks,
  findMembers,
  findRegistration,
  insertHandle,
} from './store.ts'

/** One registration of a person, as queries need it. */
export interface RegistrationOfPerson {
  region: string
  localId: string
  birthDate: string | undefined
  sex: string | undefined
  protected: boolean
}

const CANDIDATES_MAX = 200

/** The person that a region's registration belongs to; undefined when the region has no such registration. */
export async function personOf(db: Queryable, region: string, localId: string): Promise<string | undefined> {
  const row = await findRegistration(db, region, localId)
  if (row === undefined) return undefined
  const [held] = await findLinks(db, [row.id])
  return held?.person
}

/** Every registration held to be this person, by region. */
export async function registrationsOf(db: Queryable, personId: string): Promise<RegistrationOfPerson[]> {
  const rows = await findMembers(db, [personId])
  return rows.map(({ region, localId, birthDate, sex, isProtected }) => ({
    region,
    localId,
    birthDate: birthDate ?? undefined,
    sex: sex ?? undefined,
    protected: isProtected,
  }))
}

/**
 * The one person whom a release rule gives for the demographics an institution holds; undefined when nobody, or
 * more than one, or when any registration of the person contradicts them (design, "A query's life", step 2).
 */
export async function resolveByDemographics(
  db: Queryable,
  patientText: string,
): Promise<{ personId: string } | undefined> {
  const patient = demographicsOf(patientText)
  if (patient === undefined) return undefined
  const features = encodeRegistration(patient)
  const candidates = await findCandidates(db, [blockingKeys(features)], CANDIDATES_MAX + 1)
  if (candidates.length > CANDIDATES_MAX) return undefined
  const fitting = candidates.filter((each) => decideLink(features, each.features).decision === 'auto')
  const persons = [
    ...new Set(
      (
        await findLinks(
          db,
          fitting.map(({ id }) => id),
        )
      ).map(({ person }) => person),
    ),
  ]
  const [personId, ...others] = persons
  if (personId === undefined || others.length > 0) return undefined
  const members = await findMembers(db, [personId])
  return members.every((each) => vetoesOf(features, each.features).length === 0) ? { personId } : undefined
}

function demographicsOf(text: string) {
  try {
    const value = parseJson(text, { depthMax: 16, nodesMax: 500 })
    if (holdsMyNumber(value, [SYSTEMS.insuredNumber])) return undefined
    return feedPatientSchema.safeParse(value).data
  } catch (error) {
    if (error instanceof JsonRefused) return undefined
    throw error
  }
}

/** An opaque name for the person, good only for this institution of this region; the hub keeps its hash. */
export async function issueHandle(
  tx: Transaction,
  issued: { personId: string; region: string; institution: string; at: Date; expiresAt: Date },
): Promise<string> {
  const handle = randomId()
  const { personId, region, institution, at, expiresAt } = issued
  await insertHandle(tx, {
    hash: hashOf(handle),
    person: personId,
    region,
    institution,
    issuedAt: at,
    expiresAt,
  })
  await recordAudit(tx, { kind: 'handle.issued', at, detail: { person: personId, region, institution } })
  return handle
}

/** The person of a handle, for whoever it was issued to and while it lasts. */
export function personOfHandle(
  db: Queryable,
  handle: string,
  holder: { region: string; institution: string; at: Date },
): Promise<string | undefined> {
  return findHandle(db, hashOf(handle), holder)
}

function hashOf(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url')
}
