import { and, eq, gt, isNull, or } from 'drizzle-orm'
import { recordAudit } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { type PublicJwk, thumbprintOf } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { bumpEpoch } from './epochs.ts'
import { regionKey } from './tables.ts'
import { tellEverybody } from './tell-regions.ts'

export interface NewKey {
  region: string
  jwk: PublicJwk
  validUntil?: Date
  successorToken?: string
}

/**
 * Registers a region's public key. Gateways believe it only once their councils pinned it, or a pinned key signed it.
 * Registered again as it is, it changes nothing; one that is another region's, or is over, is refused.
 */
export async function addKey(tx: Transaction, added: NewKey, at: Date): Promise<string> {
  const thumbprint = await thumbprintOf(added.jwk)
  await bumpEpoch(tx, 'region', added.region)
  const rows = await tx
    .insert(regionKey)
    .values({ ...added, thumbprint, validFrom: at })
    .onConflictDoNothing()
    .returning({ region: regionKey.region })
  if (rows.length > 0) {
    await recordAudit(tx, { kind: 'key.changed', at, detail: { region: added.region, added: thumbprint } })
  } else if (!(await isKnownAs(tx, thumbprint, added, at))) throw refuse('key-known')
  return thumbprint
}

/** Whether the key is on record as just that, and still counts. */
async function isKnownAs(
  tx: Transaction,
  thumbprint: string,
  { region, validUntil, successorToken }: NewKey,
  at: Date,
): Promise<boolean> {
  const [known] = await tx.select().from(regionKey).where(eq(regionKey.thumbprint, thumbprint))
  if (known === undefined || known.isEnded || known.region !== region) return false
  const isSameEnd = known.validUntil?.getTime() === validUntil?.getTime()
  const isOver = known.validUntil !== null && known.validUntil <= at
  return isSameEnd && !isOver && (known.successorToken ?? undefined) === successorToken
}

/**
 * The key counts no longer, for any process of the hub and whatever its clock says; what it signed before `at` stays
 * provable.
 */
export async function retireKey(tx: Transaction, thumbprint: string, at: Date): Promise<void> {
  const isKey = eq(regionKey.thumbprint, thumbprint)
  const [key] = await tx.select({ owner: regionKey.region }).from(regionKey).where(isKey)
  if (key === undefined) throw refuse('signing-key-unknown')
  await bumpEpoch(tx, 'region', key.owner)
  const rows = await tx
    .update(regionKey)
    .set({ validUntil: at, isEnded: true })
    .where(
      and(
        isKey,
        eq(regionKey.isEnded, false),
        or(isNull(regionKey.validUntil), gt(regionKey.validUntil, at)),
      ),
    )
    .returning({ region: regionKey.region })
  if (rows.length === 0) throw refuse('signing-key-unknown')
  await tellEverybody(tx, { kind: 'directory-changed' }, at)
  await recordAudit(tx, { kind: 'key.changed', at, detail: { region: key.owner, retired: thumbprint } })
}
