import { Hono } from 'hono'
import { fhir, type HubEnv } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { JsonRefused, type JsonValue, parseJson } from '../kernel/strict-json.ts'
import { refuse } from '../vocabulary/index.ts'
import { recordPolicy } from './change-region.ts'

/** A council's policy, in a request its region signed. */
export function policyRoutes(context: Context) {
  return new Hono<HubEnv>().put('/policy', async (c) => {
    const document = readJson(c.get('body'))
    const { region } = c.get('caller')
    const policy = await c.get('act')((tx) => recordPolicy(tx, region, document, context.now()))
    return fhir(c, JSON.stringify(policy), 201)
  })
}

function readJson(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch (cause) {
    if (cause instanceof JsonRefused) throw refuse('body-malformed', { cause })
    throw cause
  }
}
