import { recordAudits } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { formerNeighbours } from './former-neighbours.ts'
import { guardFeed } from './guard-feed.ts'
import { endLink, findLink } from './link-store.ts'
import { releaseKeys } from './linkage/index.ts'
import { endMerge, endMergesInto } from './merge-store.ts'
import type { PatientId } from './patient-id.ts'
import { openReader } from './read-index.ts'
import { relink } from './relink.ts'
import { endDeclarations } from './review/decision-store.ts'
import {
  currentLocalId,
  deleteKeys,
  deleteRegistration,
  findRegistration,
  lockBirthDates,
  lockMerges,
  lockPatientId,
} from './store.ts'

/**
 * ITI-104 remove: the registration, its link and the merges that lead to it go; what was decided and recorded about
 * them stays.
 */
export async function removeRegistration(tx: Transaction, id: PatientId, at: Date): Promise<void> {
  await lockPatientId(tx, id)
  const known = await findRegistration(tx, id)
  if (known === undefined) throw refuse('patient-unknown')
  await guardFeed(tx, id.region, 1, at)
  const { survivor, freed } = await unmerge(tx, id)
  const { birthDate } = known.features
  const days = birthDate === undefined ? [] : [birthDate.day]
  await lockBirthDates(tx, days)
  const { former } = await formerNeighbours(openReader(tx), known)
  const held = await findLink(tx, id)
  if (held !== undefined) await endLink(tx, held, at)
  await deleteKeys(tx, id, releaseKeys(known.features))
  await endDeclarations(tx, id)
  const isEnded = held !== undefined
  const change = {
    changed: id,
    around: former,
    held: held?.person,
    isEnded,
    isNew: false,
    days,
    survivor,
    at,
  }
  const { entries } = await relink(tx, change)
  await deleteRegistration(tx, id)
  const { region, localId: patient } = id
  const about = [`registration:${region}|${patient}`]
  const removed = {
    kind: 'link.removed',
    at,
    detail: { region, patient, before: held?.person ?? null },
    about,
  } as const
  const fed = {
    kind: 'registration.feed',
    at,
    detail: { region, patient, outcome: 'removed', ...(freed.length === 0 ? {} : { freed }) },
    about: [...about, ...freed.map((each) => `registration:${region}|${each}`)],
  } as const
  await recordAudits(tx, [...entries, ...(isEnded ? [removed] : []), fed])
}

/**
 * Takes back what it was merged into and what was merged into it: whoever has the id next is not who had those.
 * Gives the person for whom the id stood, if it was merged, and the ids that led to it.
 */
async function unmerge(
  tx: Transaction,
  id: PatientId,
): Promise<{ survivor: string | undefined; freed: string[] }> {
  await lockMerges(tx, id.region)
  const localId = await currentLocalId(tx, id)
  await endMerge(tx, id)
  const freed = await endMergesInto(tx, id)
  if (localId === id.localId) return { survivor: undefined, freed }
  return { survivor: (await findLink(tx, { region: id.region, localId }))?.person, freed }
}
