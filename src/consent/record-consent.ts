import { recordAudit } from '../audit/index.ts'
import type { Caller } from '../http/index.ts'
import { personOf } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { raisePersonEpoch } from './raise-epoch.ts'
import { receivedConsent, type StatedConsent } from './read-consent.ts'
import { insertConsent, newestConsent } from './store.ts'

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
  const newest = await newestConsent(tx, region, localId)
  if (newest?.version === version && newest.resource === resource) return 'unchanged'
  if (newest !== undefined && version <= newest.version) {
    throw refuse('version-stale', { at: 'Consent.meta.versionId' })
  }
  const { validFrom, validUntil } = receivedConsent(consent, at)
  await insertConsent(tx, {
    ...{ region, localId, version, status, form, statedFrom, validFrom, refused, evidence, resource },
    validUntil: validUntil ?? null,
    receivedAt: at,
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
