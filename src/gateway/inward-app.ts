import type { Context } from 'hono'
import { fhir, type HubEnv, openApp, outcomeOf, readBody, statusOf } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { answerMandate } from './answer-mandate.ts'
import type { GatewayContext } from './context.ts'
import { receiveNotice } from './receive-notice.ts'

const BODY_BYTES_MAX = 4_096
const FORM = /^application\/x-www-form-urlencoded(;|$)/

/** What the hub reaches: one call, which a mandate opens. */
export function inwardApp(ctx: GatewayContext) {
  const app = openApp(ctx.log, new Set([new URL(ctx.publicUrl).host]))
  app.post('/fhir/_search', readBody(BODY_BYTES_MAX), (c) => answer(ctx, c))
  app.post('/notices', readBody(0), async (c) => {
    await receiveNotice(ctx, c.req.header('authorization'))
    return c.body(null, 204)
  })
  app.all('/fhir/_search', () => {
    throw refuse('method-not-allowed')
  })
  return app
}

async function answer(ctx: GatewayContext, c: Context<HubEnv>): Promise<Response> {
  if (!FORM.test(c.req.header('content-type') ?? '')) throw refuse('media-type-unsupported')
  const { state, text, receipt } = await answerMandate(ctx, {
    authorization: c.req.header('authorization'),
    request: c.req.header('tsunagi-request'),
    body: c.get('body'),
  })
  ctx.log.info({ event: 'mandate.answered', state, requestId: c.get('requestId') })
  c.header('tsunagi-receipt', receipt)
  if (text !== undefined) return fhir(c, text)
  const denied = refuse('holder-denied')
  return fhir(c, JSON.stringify(outcomeOf(denied, c.get('requestId'))), statusOf(denied))
}
