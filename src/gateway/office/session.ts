import type { Context } from '../../kernel/context.ts'
import { randomId, randomSalt } from '../../kernel/ids.ts'
import { consumeOnce, sha256 } from '../../trust/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import type { FeedLogin, Login } from '../login.ts'
import { isLoginEnded, lockLogins } from '../login-end-store.ts'
import { IDLE_MS, LIFETIME_MS } from '../session.ts'
import { deleteOfficeSession, findOfficeSession, insertOfficeSession } from './session-store.ts'

/** Somebody of the council's office at a screen; `handle` is what the forms of their pages carry. */
export interface OfficeSession {
  handle: string
  login: FeedLogin
}

/**
 * Opens the office's pages for whoever logged in; gives the id, which goes to the browser and nowhere else. The login
 * token is used up: a second launch with it is refused.
 */
export async function startOfficeSession(
  context: Context,
  { token, ...login }: FeedLogin & Pick<Login, 'token'>,
): Promise<string> {
  const now = context.now()
  const id = randomSalt()
  await context.db.transaction(async (tx) => {
    if (!(await consumeOnce(tx, 'login+jwt', token))) throw refuse('token-replayed')
    await lockLogins(tx, login.user)
    if (await isLoginEnded(tx, login.user, token.authenticatedAt)) throw refuse('login-required')
    await insertOfficeSession(tx, {
      idHash: sha256(id),
      login,
      handle: randomId(),
      expiresAt: new Date(now.getTime() + LIFETIME_MS),
      lastSeen: now,
    })
  })
  return id
}

/** The session of that id, which this call keeps from falling idle. Throws `login-required`. */
export async function currentOfficeSession(context: Context, id: string | undefined): Promise<OfficeSession> {
  const now = context.now()
  const idleSince = new Date(now.getTime() - IDLE_MS)
  const found = id && (await findOfficeSession(context.db, sha256(id), now, idleSince))
  if (!found) throw refuse('login-required')
  return found
}

export async function endOfficeSession(context: Context, { handle }: OfficeSession): Promise<void> {
  await deleteOfficeSession(context.db, handle)
}
