import { Hono } from 'hono'
import { fhir, type HubEnv, readJson } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { recordPolicy } from './change-region.ts'
import { POLICY_LIMITS } from './read-policy.ts'

/** A council's policy, in a request its region signed. */
export function policyRoutes(context: Context) {
  return new Hono<HubEnv>().put('/policy', async (c) => {
    const document = readJson(c.get('body'), POLICY_LIMITS)
    const { region } = c.get('caller')
    const policy = await c.get('act')((tx) => recordPolicy(tx, region, document, context.now()))
    return fhir(c, JSON.stringify(policy), 201)
  })
}
