import { type Context, Hono } from 'hono'
import { FHIR_JSON } from '../http/index.ts'
import type { SignedEnv } from '../registry/index.ts'
import { CLINICAL_TYPES, refuse } from '../vocabulary/index.ts'
import { answerQuery } from './answer-query.ts'
import type { Hub } from './hub.ts'

/** Federated search, by POST only: a patient id in a URL would reach the answering gateways with the request. */
export function brokerRoutes(hub: Hub) {
  const routes = new Hono<SignedEnv>()
  routes.post('/_search', (c) => answer(hub, c, undefined))
  for (const type of CLINICAL_TYPES) routes.post(`/${type}/_search`, (c) => answer(hub, c, type))
  return routes
}

async function answer(hub: Hub, c: Context<SignedEnv>, type: string | undefined): Promise<Response> {
  if (!/^application\/x-www-form-urlencoded(;|$)/.test(c.req.header('content-type') ?? '')) {
    throw refuse('media-type-unsupported')
  }
  const answered = await answerQuery(hub, {
    call: c.get('signed'),
    body: c.get('body'),
    type,
    requestId: c.get('requestId'),
  })
  return c.body(answered.text, answered.status, {
    'content-type': FHIR_JSON,
    'tsunagi-receipt': answered.receipt,
  })
}
