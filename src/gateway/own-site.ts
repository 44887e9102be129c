import type { MiddlewareHandler } from 'hono'
import type { HubEnv } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'

/**
 * Lets only pages of this server act. Our pages send no referrer, so browsers say `Origin: null` even for our own
 * forms: `Sec-Fetch-Site` decides where there is one, and the origin only where there is none.
 */
export function ownSite(hosts: ReadonlySet<string>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const site = c.req.header('sec-fetch-site')
    const isOwn = site === undefined ? isOwnOrigin(c.req.header('origin'), hosts) : site === 'same-origin'
    if (!isOwn) throw refuse('cross-site')
    await next()
  }
}

function isOwnOrigin(origin: string | undefined, hosts: ReadonlySet<string>): boolean {
  return origin !== undefined && hosts.has(URL.parse(origin)?.host ?? '')
}
