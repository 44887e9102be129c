import { recordAudit } from '../audit/index.ts'
import { type FetchedAnswer, readJson } from '../http/index.ts'
import { POLICY_LIMITS, readPolicy } from '../registry/index.ts'
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
  const at = ctx.now()
  const policy = readPolicy(readJson(body, POLICY_LIMITS), at)
  await ctx.db.transaction(async (tx) => {
    const isNew = await putPolicyCopy(tx, policy, at)
    if (!isNew) return
    const detail = { version: policy.version, user: login.user }
    await recordAudit(tx, { kind: 'gateway.policy-copied', at, detail })
  })
  return feedHub(ctx, { method: 'PUT', path: '/policy', body })
}
