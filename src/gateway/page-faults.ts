import type { ErrorHandler } from 'hono'
import { z } from 'zod'
import { type HubEnv, onError } from '../http/index.ts'
import type { Log } from '../kernel/events.ts'
import { PAGE_CSP, type RefusalModel, refusalPage } from '../pages/index.ts'
import { REFUSALS, type RefusalCode } from '../vocabulary/index.ts'

const outcomeSchema = z.object({
  issue: z.tuple([z.object({ details: z.object({ coding: z.tuple([z.object({ code: z.string() })]) }) })]),
})

/** The same answer as to a system, as a page: which error is which response is decided in one place only. */
export function onPageError(log: Log): ErrorHandler<HubEnv> {
  const answer = onError(log)
  return async (error, c) => {
    const response = await answer(error, c)
    const { issue } = outcomeSchema.parse(await response.json())
    const { code } = issue[0].details.coding[0]
    const known: RefusalCode = Object.hasOwn(REFUSALS, code) ? (code as RefusalCode) : 'internal'
    const { ja, en } = REFUSALS[known]
    const model: RefusalModel = { code: known, sentence: { ja, en }, reference: c.get('requestId') }
    return new Response(String(await refusalPage(model)), {
      status: response.status,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_CSP },
    })
  }
}
