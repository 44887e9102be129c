import type { MiddlewareHandler } from 'hono'
import type { HubEnv } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import type { Clinician, FeedLogin, Login, OfficeDuty } from './login.ts'
import { isLoginEnded } from './login-end-store.ts'

/** What a call of a local system carries once its login was verified. */
export interface LocalEnv {
  Variables: HubEnv['Variables'] & { login: Login }
}

/** Lets a local system in only with a login token of the region's own identity provider. */
export function requireLogin(ctx: GatewayContext): MiddlewareHandler<LocalEnv> {
  return async (c, next) => {
    const bearer = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(c.req.header('authorization') ?? '')
    if (bearer?.[1] === undefined) throw refuse('login-required')
    const login = await ctx.login(bearer[1])
    if (await isLoginEnded(ctx.db, login.user, login.token.authenticatedAt)) throw refuse('login-required')
    c.set('login', login)
    await next()
  }
}

/** Somebody who views; a system that feeds may read nothing. */
export function asClinician(login: Login): Clinician {
  if (login.role !== 'clinician') throw refuse('login-unfit')
  return login
}

/** What feeds: a regional system, or the council's office for what it decided. */
export function asFeed(login: Login, roles: readonly FeedLogin['role'][]): FeedLogin {
  if (login.role === 'clinician' || !roles.includes(login.role)) throw refuse('login-unfit')
  return login
}

/** The council's office; with a duty, whoever holds it. */
export function asOffice(login: Login, duty?: OfficeDuty): FeedLogin {
  const office = asFeed(login, ['council'])
  if (duty !== undefined && !holdsDuty(office, duty)) throw refuse('login-unfit')
  return office
}

/** A system that feeds, or of the council's office who sits at the desk. */
export function asFeedOrDesk(login: Login): FeedLogin {
  return login.role === 'feed' ? login : asOffice(login, 'desk')
}

/** A login that names its duties has no others. */
export function holdsDuty({ role, duties }: FeedLogin, duty: OfficeDuty): boolean {
  return role === 'council' && (duties === undefined || duties.includes(duty))
}
