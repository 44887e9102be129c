import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import { bumpEpoch, findRegionBySystem } from '../registry/index.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import { encodeRegistration } from './encode-registration.ts'
import { holdsMyNumber } from './my-number.ts'
import { type FeedPatient, feedPatientSchema } from './patient-schema.ts'
import { relink } from './relink.ts'
import {
  blockingKeys,
  deleteRegistration,
  findLinks,
  findMembers,
  findRegistration,
  insertLinkRemoval,
  lockBirthDates,
  upsertRegistration,
} from './store.ts'

export interface FedRegistration {
  outcome: 'created' | 'updated'
  localId: string
}

/** Reads a Patient of a feed; `identifierSystem` is the region's own. Throws HubError, keeping nothing of it. */
export function readFeedPatient(value: JsonValue, patientSystem: string): FeedPatient {
  if (holdsMyNumber(value, [patientSystem, SYSTEMS.insuredNumber])) throw refuse('my-number-refused')
  const parsed = feedPatientSchema.safeParse(value)
  if (!parsed.success) throw refuse('resource-invalid', { at: placeOf(parsed.error.issues[0]?.path ?? []) })
  return parsed.data
}

function placeOf(path: PropertyKey[]): string {
  return ['Patient', ...path.filter((step) => typeof step === 'string')].join('.')
}

/**
 * ITI-104 add and revise: keeps one resident's registration in the caller's region and decides anew whom it
 * belongs to. The Patient has exactly one id in the region's own system and none in another region's.
 */
export async function feedRegistration(
  tx: Transaction,
  caller: Caller,
  fed: { localId: string; patient: FeedPatient; source: string; at: Date },
): Promise<FedRegistration> {
  const { localId, patient, source, at } = fed
  await checkIdentifiers(tx, caller, patient, localId)
  if (patient.link?.some(({ type }) => type === 'replaced-by'))
    throw refuse('merge-unsupported', { at: 'Patient.link' })
  const features = encodeRegistration(patient)
  const keys = blockingKeys(features)
  const seen = await findRegistration(tx, caller.region, localId)
  await lockBirthDates(tx, [keys.birthDate, seen?.birthDate ?? null])
  const known = await findRegistration(tx, caller.region, localId)
  const formerMembers = known === undefined ? [] : await membersWith(tx, known.id)
  const isProtected = patient.meta?.security?.some(({ system }) => system === SYSTEMS.protection) === true
  const row = { region: caller.region, localId, source, features, ...keys, isProtected, updatedAt: at }
  const { id } = await upsertRegistration(tx, row)
  const others = formerMembers.filter((member) => member.id !== id)
  await relink(tx, [{ ...row, id }, ...others], at)
  const [held] = await findLinks(tx, [id])
  if (held !== undefined && known !== undefined) await bumpEpoch(tx, 'person', held.person)
  await recordAudit(tx, {
    kind: 'registration.feed',
    at,
    detail: { region: caller.region, patient: localId, registration: id },
  })
  return { outcome: known === undefined ? 'created' : 'updated', localId }
}

/** ITI-104 remove: the registration and its links go, what was recorded about them stays. False when unknown. */
export async function removeRegistration(
  tx: Transaction,
  caller: Caller,
  localId: string,
  at: Date,
): Promise<boolean> {
  const seen = await findRegistration(tx, caller.region, localId)
  await lockBirthDates(tx, [seen?.birthDate ?? null])
  const known = await findRegistration(tx, caller.region, localId)
  if (known === undefined) return false
  const others = (await membersWith(tx, known.id)).filter((member) => member.id !== known.id)
  const [held] = await findLinks(tx, [known.id])
  await deleteRegistration(tx, known.id)
  if (held !== undefined) {
    await insertLinkRemoval(tx, known.id, held.person, at)
    await bumpEpoch(tx, 'person', held.person)
    await recordAudit(tx, {
      kind: 'link.removed',
      at,
      detail: { registration: known.id, before: held.person },
    })
  }
  await relink(tx, others, at)
  await recordAudit(tx, {
    kind: 'registration.feed',
    at,
    detail: { region: caller.region, patient: localId, removed: true },
  })
  return true
}

async function membersWith(tx: Transaction, id: number) {
  return findMembers(
    tx,
    (await findLinks(tx, [id])).map(({ person }) => person),
  )
}

async function checkIdentifiers(
  tx: Transaction,
  caller: Caller,
  patient: FeedPatient,
  localId: string,
): Promise<void> {
  const own = patient.identifier.filter(({ system }) => system === caller.patientSystem)
  if (own.length !== 1 || own[0]?.value !== localId)
    throw refuse('resource-invalid', { at: 'Patient.identifier' })
  for (const { system } of patient.identifier) {
    if (system === caller.patientSystem || system === SYSTEMS.insuredNumber) continue
    if ((await findRegionBySystem(tx, system)) !== undefined) {
      throw refuse('foreign-patient-domain', { at: 'Patient.identifier' })
    }
  }
}
