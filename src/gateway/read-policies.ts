import { z } from 'zod'
import { readJson } from '../http/index.ts'
import { POLICY_LIMITS } from '../registry/index.ts'
import { requestClaimsSchema, sha256, verifyToken } from '../trust/index.ts'
import { type Policy, policySchema, refuse } from '../vocabulary/index.ts'
import { refusalOf } from './call-hub.ts'
import type { GatewayContext } from './context.ts'
import { feedHub } from './feed-hub.ts'
import { pinnedKey } from './pinned-key.ts'

const signedSchema = z.strictObject({
  region: z.string(),
  policies: z
    .array(
      z.strictObject({
        version: z.int().min(1),
        effectiveFrom: z.iso.datetime(),
        text: z.string(),
        request: z.string(),
      }),
    )
    .max(100),
})
type SignedPolicy = z.infer<typeof signedSchema>['policies'][number]

/** What another council decided, as far as its own region's signature says so, newest first. */
export interface ProvenPolicies {
  region: string
  policies: Policy[]
  /** Versions that the hub names and no pinned key of that region signed. */
  unproven: number[]
}

/**
 * A council's policies through the hub, believed only where its region, by a key that the own council pinned, signed
 * the request that carried this very text. By a key that is retired nothing is proven here; the log still does.
 */
export async function readPolicies(ctx: GatewayContext, region: string): Promise<ProvenPolicies> {
  const answer = await feedHub(ctx, { method: 'GET', path: `/policy?${new URLSearchParams({ region })}` })
  if (answer.status !== 200) throw refuse(refusalOf(answer) ?? 'hub-answer-invalid')
  const read = signedSchema.safeParse(readJson(answer.text, { depthMax: 8, nodesMax: 10_000 }))
  if (!read.success || read.data.region !== region) throw refuse('hub-answer-invalid')
  const proven: ProvenPolicies = { region, policies: [], unproven: [] }
  for (const signed of read.data.policies) {
    const policy = await provenPolicy(ctx, region, signed)
    if (policy === undefined) proven.unproven.push(signed.version)
    else proven.policies.push(policy)
  }
  if (proven.unproven.length > 0)
    ctx.log.error({ event: 'policy.unproven', region, versions: proven.unproven })
  return proven
}

async function provenPolicy(
  ctx: GatewayContext,
  region: string,
  { version, text, request }: SignedPolicy,
): Promise<Policy | undefined> {
  try {
    const { claims } = await verifyToken(request, {
      typ: 'tsunagi-request+jwt',
      schema: requestClaimsSchema,
      audience: ctx.hubUrl,
      now: ctx.now(),
      keyOf: (kid) => pinnedKey(ctx, kid, ['region']),
      archived: true,
    })
    const isIts = claims.iss === region && claims.htm === 'PUT' && claims.htu === `${ctx.hubUrl}/policy`
    if (!isIts || claims.bod !== sha256(text)) return undefined
    const policy = policySchema.parse(readJson(text, POLICY_LIMITS))
    return policy.version === version ? policy : undefined
  } catch {
    return undefined
  }
}
