import { Hono } from 'hono'
import { type HubEnv, readBody } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { endLogins } from './end-logins.ts'

const FORM_BYTES_MAX = 8_192

/** What the region's identity provider calls by itself when a user's logins end (OpenID Connect Back-Channel Logout). */
export function logoutRoutes(ctx: GatewayContext) {
  return new Hono<HubEnv>().post('/backchannel-logout', readBody(FORM_BYTES_MAX), async (c) => {
    const [token, ...more] = new URLSearchParams(c.get('body')).getAll('logout_token')
    if (token === undefined || more.length > 0) throw refuse('logout-invalid')
    await endLogins(ctx, token)
    c.header('cache-control', 'no-store')
    return c.body(null, 200)
  })
}
