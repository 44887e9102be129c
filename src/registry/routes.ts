import { Hono } from 'hono'
import { fhir, readJson } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { refuse } from '../vocabulary/index.ts'
import type { SignedEnv } from './authenticate.ts'
import { recordPolicy } from './change-region.ts'
import { POLICY_LIMITS } from './read-policy.ts'
import { agreementsOf, type Registry } from './registry.ts'
import { listSignedPolicies } from './store.ts'

const SIGNED_MAX = 20

/** A council's policy, in a request its region signed; and those of the councils it refers to or that refer to it. */
export function policyRoutes(context: Context) {
  return new Hono<SignedEnv>()
    .put('/policy', async (c) => {
      const { body: text, caller, signed } = c.var
      const document = readJson(text, POLICY_LIMITS)
      const proof = { text, request: signed.token }
      const policy = await c.var.act((tx) => recordPolicy(tx, caller.region, document, context.now(), proof))
      return fhir(c, JSON.stringify(policy), 201)
    })
    .get('/policy', async (c) => {
      const { caller, signed } = c.var
      const { region = caller.region, ...others } = c.req.query()
      if (Object.keys(others).length > 0) throw refuse('parameter-unsupported')
      if (!mayRead(signed.registry, { caller: caller.region, region, at: context.now() }))
        throw refuse('region-unknown')
      const policies = await c.var.act((tx) => listSignedPolicies(tx, region, SIGNED_MAX))
      return c.json({ region, policies })
    })
}

function mayRead(
  registry: Registry,
  { caller, region, at }: { caller: string; region: string; at: Date },
): boolean {
  const agrees = (asking: string, holder: string) =>
    agreementsOf(registry, asking, at).some(({ holding }) => holding === holder)
  return region === caller || agrees(caller, region) || agrees(region, caller)
}
