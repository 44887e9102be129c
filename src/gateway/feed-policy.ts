import { recordAudit } from '../audit/index.ts'
import { type FetchedAnswer, readJson } from '../http/index.ts'
import { policySchema, refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { putPolicyCopy } from './copy-store.ts'
import { feedHub } from './feed-hub.ts'
import type { FeedLogin } from './login.ts'

/** Keeps the council's policy in the region's own copy, by which the gateway decides, then tells the hub. */
export async function feedPolicy(
  ctx: GatewayContext,
  login: FeedLogin,
  body: string,
): Promise<FetchedAnswer> {
  const read = policySchema.safeParse(readJson(body))
  if (!read.success) throw refuse('policy-invalid', { at: read.error.issues[0]?.path.join('.') ?? '' })
  const at = ctx.now()
  await ctx.db.transaction(async (tx) => {
    const isNew = await putPolicyCopy(tx, read.data, at)
    if (!isNew) return
    const detail = { version: read.data.version, user: login.user }
    await recordAudit(tx, { kind: 'gateway.policy-copied', at, detail })
  })
  return feedHub(ctx, { method: 'PUT', path: '/policy', body })
}
