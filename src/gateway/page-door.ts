import type { MiddlewareHandler } from 'hono'
import type { HubEnv } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'

const FORM = /^application\/x-www-form-urlencoded(;|$)/i

/** Our pages send forms, and nothing else does what they do. */
export function formsOnly(): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const isForm = FORM.test(c.req.header('content-type') ?? '')
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && !isForm) throw refuse('media-type-unsupported')
    await next()
  }
}
