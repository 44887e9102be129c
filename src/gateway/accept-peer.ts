import { z } from 'zod'
import { recordAudit } from '../audit/index.ts'
import { BYTES_32 } from '../kernel/base64url.ts'
import type { Context } from '../kernel/context.ts'
import { regionIdSchema } from '../trust/index.ts'
import { findPin, insertPin } from './pin-store.ts'

/** A region's id, or `hub`, and the RFC 7638 thumbprint of one of its keys, as the councils exchanged it. */
export const peerSchema = z.strictObject({
  peer: regionIdSchema,
  thumbprint: z.string().regex(BYTES_32),
})
export type Peer = z.infer<typeof peerSchema>

/** `held-by-another`: one key speaks for one peer, so nothing was changed. */
export type Acceptance = 'accepted' | 'known' | 'held-by-another'

/** Pins a key, as the council decided. The hub has four, each pinned by itself; a region's may follow each other. */
export async function acceptPeer(context: Context, { peer, thumbprint }: Peer): Promise<Acceptance> {
  const at = context.now()
  return context.db.transaction(async (tx) => {
    if (await insertPin(tx, { thumbprint, owner: peer, acceptedAt: at, signedBy: null })) {
      await recordAudit(tx, { kind: 'peer.accepted', at, detail: { peer, thumbprint } })
      return 'accepted'
    }
    return (await findPin(tx, thumbprint))?.owner === peer ? 'known' : 'held-by-another'
  })
}
