import { z } from 'zod'
import { recordAudit } from '../audit/index.ts'
import { consumeOnce } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { type IdentityProvider, tokenReader } from './identity-provider.ts'
import { putLoginEnd } from './login-end-store.ts'

/** A logout is told at once or not at all. */
const LIFETIME_MAX_SECONDS = 600
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * A logout token of OpenID Connect Back-Channel Logout 1.0, which names the user: sessions are ended by user, so one
 * that names only a provider's session is not taken. `nonce` is forbidden there, so that no login can stand for one.
 */
const logoutClaimsSchema = z
  .looseObject({
    iss: z.string(),
    aud: z.string(),
    iat: z.int(),
    exp: z.int(),
    jti: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
    sub: z.string().min(1).max(200),
    events: z.looseObject({ [EVENT]: z.looseObject({}) }),
  })
  .refine((claims) => !('nonce' in claims))

/** Whose logins end, and since when, in seconds. */
export interface Logout {
  user: string
  at: number
  token: { iss: string; aud: string; iat: number; exp: number; jti: string }
}

/** Verifies a logout token; throws HubError `logout-invalid`, whatever was wrong. */
export type LogoutVerifier = (token: string) => Promise<Logout>

export function logoutVerifier(provider: IdentityProvider, now: () => Date): LogoutVerifier {
  const read = tokenReader(provider, logoutClaimsSchema, LIFETIME_MAX_SECONDS)
  return async (token) => {
    try {
      const { iss, aud, iat, exp, jti, sub } = await read(token, now())
      return { user: sub, at: iat, token: { iss, aud, iat, exp, jti } }
    } catch (cause) {
      throw refuse('logout-invalid', { cause })
    }
  }
}

/**
 * The identity provider says that a user was logged out, disabled, or given another role: what they opened is closed,
 * and no login counts by which they proved themselves before. Told twice it is done once.
 */
export async function endLogins(ctx: GatewayContext, token: string): Promise<void> {
  const logout = await ctx.logout(token)
  const at = ctx.now()
  await ctx.db.transaction(async (tx) => {
    if (!(await consumeOnce(tx, 'logout+jwt', logout.token))) return
    const closed = await putLoginEnd(tx, logout, at)
    await recordAudit(tx, { kind: 'gateway.login-ended', at, detail: { user: logout.user, closed } })
  })
}
