import { recordAudit } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'
import type { Directory } from '../registry/index.ts'
import {
  SUCCESSOR_AUDIENCE,
  successorClaimsSchema,
  thumbprintOf,
  type VerifyingKey,
  verifyingKey,
  verifyToken,
} from '../trust/index.ts'
import { findPin, HUB, insertPin } from './pin-store.ts'

/** A chain of keys, each signed by the one before, is followed so far at once. */
const CHAIN_MAX = 5

type ListedRegion = Directory['regions'][number]

/**
 * Pins every key that a pinned key of the same region signed as its successor. Kept as a pin of its own, because
 * the old key leaves the directory when the overlap ends.
 */
export async function adoptSuccessors(tx: Transaction, directory: Directory, at: Date): Promise<void> {
  for (const region of directory.regions.filter(({ id }) => id !== HUB)) {
    let adopted = true
    for (let link = 0; adopted && link < CHAIN_MAX; link++) adopted = await adoptNext(tx, region, at)
  }
}

async function adoptNext(tx: Transaction, region: ListedRegion, at: Date): Promise<boolean> {
  for (const { jwk, successor } of region.keys) {
    if (successor === null) continue
    const thumbprint = await thumbprintOf(jwk)
    if ((await findPin(tx, thumbprint)) !== undefined) continue
    const signedBy = await signerOf(tx, region, successor, thumbprint, at)
    if (signedBy === undefined) continue
    await insertPin(tx, { thumbprint, owner: region.id, acceptedAt: at, signedBy })
    await recordAudit(tx, { kind: 'peer.accepted', at, detail: { peer: region.id, thumbprint, signedBy } })
    return true
  }
  return false
}

/** The pinned key that signed `next` as its successor; its times are those of the signing, long ago. */
async function signerOf(
  tx: Transaction,
  region: ListedRegion,
  successor: string,
  next: string,
  now: Date,
): Promise<string | undefined> {
  try {
    const { claims, kid } = await verifyToken(successor, {
      typ: 'tsunagi-successor+jwt',
      schema: successorClaimsSchema,
      audience: SUCCESSOR_AUDIENCE,
      now,
      keyOf: (kid) => pinnedOf(tx, region, kid),
      archived: true,
    })
    return claims.next === next ? kid : undefined
  } catch (error) {
    if (error instanceof HubError) return undefined
    throw error
  }
}

async function pinnedOf(
  tx: Transaction,
  region: ListedRegion,
  kid: string,
): Promise<(VerifyingKey & { owner: string }) | undefined> {
  if ((await findPin(tx, kid))?.owner !== region.id) return undefined
  for (const { jwk } of region.keys) {
    if ((await thumbprintOf(jwk)) === kid) return { ...(await verifyingKey(jwk)), owner: region.id }
  }
  return undefined
}
