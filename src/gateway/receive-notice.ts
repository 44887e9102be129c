import { recordAudit } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { callClaims, consumeOnce, type Notice, noticeClaimsSchema, verifyToken } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { findConsentCopy, keepBack, newestPolicyVersion, putStandingElsewhere } from './copy-store.ts'
import { refreshDirectory } from './directory-cache.ts'
import { keepNotice } from './notice-store.ts'
import { pinnedKey } from './pinned-key.ts'

/**
 * What the hub tells this region unasked, signed with its mandate key. It is put on record, kept for the council to
 * read, and compared with the own copies. A notice can only narrow what leaves; it can permit nothing.
 */
export async function receiveNotice(ctx: GatewayContext, authorization: string | undefined): Promise<void> {
  const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(authorization ?? '')?.[1]
  if (token === undefined) throw refuse('token-missing')
  const { claims } = await verifyToken(token, {
    typ: 'tsunagi-notice+jwt',
    schema: noticeClaimsSchema,
    audience: ctx.region,
    now: ctx.now(),
    keyOf: (kid) => pinnedKey(ctx, kid, ['mandate']),
  })
  const { htm, htu, bod } = callClaims({ method: 'POST', url: `${ctx.publicUrl}/notices`, body: '' })
  if (claims.htm !== htm || claims.htu !== htu || claims.bod !== bod) throw refuse('call-mismatch')
  const at = ctx.now()
  const { letter, notice } = claims
  const isNew = await ctx.db.transaction(async (tx) => {
    if (!(await consumeOnce(tx, 'tsunagi-notice+jwt', claims))) throw refuse('token-replayed')
    if (!(await keepNotice(tx, { letter, notice, receivedAt: at }))) return false
    // What was said elsewhere of a resident is for the decision, not for people here to read.
    const said = notice.kind === 'standing' ? { kind: notice.kind } : notice
    await recordAudit(tx, { kind: 'notice.received', at, detail: { letter, ...said } })
    await heed(tx, ctx, letter, notice)
    return true
  })
  if (isNew && notice.kind === 'directory-changed') await refreshDirectory(ctx)
  if (isNew) ctx.log.info({ event: 'notice.received', kind: notice.kind })
}

async function heed(tx: Transaction, ctx: GatewayContext, letter: number, notice: Notice): Promise<void> {
  switch (notice.kind) {
    case 'consent-ended': {
      const own = await findConsentCopy(tx, notice.patient)
      if (own === undefined || own.version >= notice.version) return
      // The hub was told something that this region's own copy never heard of: nothing leaves until it has.
      await keepBack(tx, notice.patient, ctx.now())
      return raiseBehind(tx, ctx, { copy: 'consent', patient: notice.patient, version: notice.version })
    }
    case 'policy-recorded': {
      if ((await newestPolicyVersion(tx)) >= notice.version) return
      return raiseBehind(tx, ctx, { copy: 'policy', version: notice.version })
    }
    case 'standing': {
      const { patient: localId, protected: isProtected, deceasedOn = null } = notice
      const said = { localId, protected: isProtected, deceasedOn }
      return putStandingElsewhere(tx, { ...said, letter, receivedAt: ctx.now() })
    }
    case 'emergency':
    case 'emergency-habit':
      ctx.log.warn({ event: 'council.notice', kind: notice.kind, region: notice.region })
  }
}

async function raiseBehind(
  tx: Transaction,
  ctx: GatewayContext,
  detail: { copy: 'consent' | 'policy'; version: number; patient?: string },
): Promise<void> {
  ctx.log.error({ event: 'copy.behind', copy: detail.copy, version: detail.version })
  await recordAudit(tx, { kind: 'copy.behind', at: ctx.now(), detail })
}
