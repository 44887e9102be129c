import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import { personOf, registeredSince } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import { refuse } from '../vocabulary/index.ts'
import { raisePersonEpoch } from './raise-epoch.ts'
import { receivedConsent, type StatedConsent } from './read-consent.ts'
import { insertConsent, newestConsent } from './store.ts'
import { later } from './tokyo-time.ts'

/**
 * Keeps a new version of a resident's consent, or a withdrawal, at the region that holds the data. Versions only
 * rise; the newest sent again changes nothing.
 */
export async function recordConsent(
  tx: Transaction,
  caller: Caller,
  consent: StatedConsent,
  at: Date,
): Promise<'recorded' | 'unchanged'> {
  const { region } = caller
  const { localId, version, status, form, refused, evidence, statedFrom, resource } = consent
  await raisePersonEpoch(tx, () => personOf(tx, region, localId))
  const since = present(await registeredSince(tx, region, localId), 'a person has a registration')
  const newest = await newestConsent(tx, region, localId)
  const isOwn = newest !== undefined && newest.receivedAt >= since
  if (isOwn && newest.version === version && newest.resource === resource) return 'unchanged'
  if (newest !== undefined && version <= newest.version) {
    throw refuse('version-stale', { at: 'Consent.meta.versionId' })
  }
  // The clocks of two processes differ, and the registration came first.
  const receivedAt = later(at, since)
  const { validFrom, validUntil } = receivedConsent(consent, receivedAt)
  await insertConsent(tx, {
    ...{ region, localId, version, status, form, statedFrom, validFrom, refused, evidence, resource },
    validUntil: validUntil ?? null,
    receivedAt,
  })
  await recordAudit(tx, {
    kind: status === 'withdrawn' ? 'consent.withdrawn' : 'consent.recorded',
    at,
    detail: {
      ...{ region, patient: localId, version, form, refused, evidence },
      from: validFrom.toISOString(),
      until: validUntil?.toISOString() ?? null,
    },
  })
  return 'recorded'
}
