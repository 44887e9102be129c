import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import { findMerged, findPerson, type Merged, noteNeed, registeredSince } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { tellRegions } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { endSaidAt, successionFault } from './check-succession.ts'
import { holdResident } from './hold-resident.ts'
import { isRestated } from './is-restated.ts'
import { receivedConsent, type StatedConsent } from './read-consent.ts'
import { type ConsentRow, insertConsent, newestConsent, newestReceipt, recordOf } from './store.ts'
import { later } from './tokyo-time.ts'

/**
 * Keeps a new version of a resident's consent, or its end, at the region that holds the data. Versions only rise;
 * the newest sent again changes nothing. What has ended cannot end again, and whoever says so is told; the version is
 * kept all the same, so that none of those before it, still on their way, can start sharing again. What is said again
 * with another word about a death is no new word.
 */
export async function recordConsent(
  tx: Transaction,
  caller: Caller,
  consent: StatedConsent,
  at: Date,
): Promise<'recorded' | 'unchanged' | 'ended-before'> {
  const { region } = caller
  const { localId, version, status, form, refused, refusedInstitutions, refusedRegions, resource } = consent
  await holdResident(tx, region, consent)
  // An id that replaced another may not be registered yet.
  const since = (await registeredSince(tx, region, localId)) ?? at
  const merged = await findMerged(tx, { region, localId })
  const newest = await newestConsent(tx, region, localId)
  const isOwn = newest !== undefined && isOfHolder(newest, since, merged)
  if (isOwn && newest.version === version && newest.resource === resource) return 'unchanged'
  if (newest !== undefined && version <= newest.version) {
    throw refuse('version-stale', { at: 'Consent.meta.versionId' })
  }
  const again = isOwn && isRestated(recordOf(newest), consent) ? newest : undefined
  const fault = isOwn && again === undefined ? successionFault(newest, consent) : undefined
  if (fault === 'consent-stop-holds') throw refuse(fault, { at: 'Consent.status' })
  if (status === 'active' && again === undefined) await checkProxy(tx, region, consent)
  // The clocks of two processes differ, and the registration came first.
  const toldAt = later(later(at, since), await afterMerged(tx, region, merged))
  const { validUntil, deceasedOn, proxy } = receivedConsent(consent, toldAt)
  const { receivedAt, evidenceKind } = again ?? { receivedAt: toldAt, evidenceKind: consent.evidence.kind }
  const validFrom = later(consent.statedFrom, receivedAt)
  const signedAt = endSaidAt(isOwn ? newest : undefined, consent)
  const evidence = consent.evidence.reference
  await insertConsent(tx, {
    ...{ region, localId, version, status, form, signedAt, validFrom, resource, receivedAt },
    ...{ refused, refusedInstitutions, refusedRegions, evidence, evidenceKind },
    statedFrom: consent.statedFrom,
    validUntil: validUntil ?? null,
    proxyRelation: proxy?.relation ?? null,
    residentBorn: proxy?.residentBorn ?? null,
    deceasedOn: deceasedOn ?? null,
  })
  if (status !== 'active') {
    // The gateway decides by its own copy; where that never heard of the end, it learns of it so.
    const notice = { kind: 'consent-ended', patient: localId, version, at: at.toISOString() } as const
    await tellRegions(tx, [{ region, notice }], at)
  } else {
    // Whoever agreed to be seen is worth a clerk's look sooner, if anything is doubted about who they are.
    await noteNeed(tx, [{ region, localId }], 'consents', at)
  }
  await recordAudit(tx, {
    kind: status === 'active' ? 'consent.recorded' : 'consent.withdrawn',
    at,
    about: [`registration:${region}|${localId}`],
    detail: {
      ...{ region, patient: localId, version, status, form, refused, refusedInstitutions, refusedRegions },
      ...{ evidence, evidenceKind, proxy: proxy?.relation ?? null },
      from: validFrom.toISOString(),
      until: validUntil?.toISOString() ?? null,
    },
  })
  return fault === undefined ? 'recorded' : 'ended-before'
}

/**
 * Whether what was said under the id is of whoever has it now. An end is also where others were merged into the id: it
 * may have been told before the id was fed.
 */
function isOfHolder(
  { status, receivedAt }: Pick<ConsentRow, 'status' | 'receivedAt'>,
  since: Date,
  merged: Merged | undefined,
): boolean {
  return receivedAt >= since || (status !== 'active' && merged !== undefined)
}

/**
 * Of several ids of one resident the later word counts, so it is dated after all that came before it, by whichever
 * clock; the person's epoch row, which is ours, or the ids that are held put them in order.
 */
async function afterMerged(tx: Transaction, region: string, merged: Merged | undefined): Promise<Date> {
  if (merged === undefined) return new Date(0)
  const said = await newestReceipt(tx, region, merged.localIds)
  return new Date(later(merged.mergedAt, said ?? merged.mergedAt).getTime() + 1)
}

/**
 * The birth date by which a proxy lapses is the one the resident is registered with, where that is a whole date. An end
 * lapses by none, and what is said again beside a death was held to it when it was first said.
 */
async function checkProxy(tx: Transaction, region: string, { localId, proxy }: StatedConsent): Promise<void> {
  if (proxy === undefined) return
  const person = await findPerson(tx, { region, localId })
  const known = person?.registrations.find((each) => each.region === region && each.localId === localId)
  if (known?.birthDate?.length !== proxy.residentBorn.length || known.birthDate === proxy.residentBorn) return
  throw refuse('consent-invalid', { at: 'Consent.performer' })
}
