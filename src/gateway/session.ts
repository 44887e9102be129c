import type { PatientFacts } from '../alignment/index.ts'
import { BREAK_GLASS_MS } from '../consent/index.ts'
import type { Context } from '../kernel/context.ts'
import { randomId, randomSalt } from '../kernel/ids.ts'
import { consumeOnce, sha256 } from '../trust/index.ts'
import { refuse, WARNING_CODES } from '../vocabulary/index.ts'
import type { Clinician, Login } from './login.ts'
import { isLoginEnded, lockLogins } from './login-end-store.ts'
import type { Question } from './read-search.ts'
import {
  deleteSession,
  findSession,
  insertSession,
  openedUnder,
  putOpened,
  shortenSession,
} from './session-store.ts'

/** Of every session that a browser holds here. */
export const IDLE_MS = 15 * 60_000
export const LIFETIME_MS = 12 * 3_600_000

/** The one patient whom a session shows, and on what ground. */
export type OpenedPatient = Pick<Question, 'patient' | 'visit' | 'firstVisit' | 'breakGlass'> & {
  /** Who it is to a person's eyes, for pages whose answer does not say. */
  facts: PatientFacts
}

export interface Session {
  /** What the forms of the session's pages carry, so that none acts on another patient than it shows. */
  patientHandle: string
  login: Clinician
  opened: OpenedPatient
}

/** The id goes to the browser and nowhere else; the database keeps its hash. */
export interface StartedSession extends Session {
  id: string
}

/** Opens one patient for whoever logged in. The login token is used up: a second launch with it is refused. */
export async function startSession(
  context: Context,
  { token, ...login }: Clinician & Pick<Login, 'token'>,
  opened: OpenedPatient,
): Promise<StartedSession> {
  const now = context.now()
  const lifetime = opened.breakGlass === undefined ? LIFETIME_MS : BREAK_GLASS_MS
  const started = { id: randomSalt(), patientHandle: randomId(), login, opened }
  await context.db.transaction(async (tx) => {
    if (!(await consumeOnce(tx, 'login+jwt', token))) throw refuse('token-replayed')
    await lockLogins(tx, login.user)
    if (await isLoginEnded(tx, login.user, token.authenticatedAt)) throw refuse('login-required')
    await insertSession(tx, {
      idHash: sha256(started.id),
      login,
      patientHandle: started.patientHandle,
      opened,
      expiresAt: new Date(now.getTime() + lifetime),
      lastSeen: now,
    })
  })
  return started
}

/** The session of that id, which this call keeps from falling idle. Throws `login-required`. */
export async function currentSession(context: Context, id: string | undefined): Promise<Session> {
  const now = context.now()
  const found =
    id === undefined
      ? undefined
      : await findSession(context.db, sha256(id), now, new Date(now.getTime() - IDLE_MS))
  if (found === undefined) throw refuse('login-required')
  return found
}

/** From now on the session asks by the handle that the hub gave, and the demographics are forgotten. */
export async function rememberHandle(
  context: Context,
  session: Session,
  patient: OpenedPatient['patient'],
): Promise<void> {
  await putOpened(context.db, session.patientHandle, { ...session.opened, patient })
}

/** From now on the session asks as for a first visit. */
export async function confirmFirstVisit(context: Context, session: Session): Promise<void> {
  const firstVisit = { warnings: [...WARNING_CODES] }
  await putOpened(context.db, session.patientHandle, { ...session.opened, firstVisit })
}

/** Breaks the glass for the session's one patient and one hour, at most. */
export async function breakGlass(context: Context, session: Session, reason: string): Promise<void> {
  const now = context.now()
  const since = Math.floor(now.getTime() / 1000)
  await putOpened(context.db, session.patientHandle, { ...session.opened, breakGlass: { reason, since } })
  await shortenSession(context.db, session.patientHandle, new Date(now.getTime() + BREAK_GLASS_MS))
}

/** Ends the session that shows the patient of `patientHandle`; another is left alone. */
export async function endSession(context: Context, patientHandle: string): Promise<void> {
  await deleteSession(context.db, patientHandle)
}

/** Whom this user's form was made for, when it is not the patient now open. */
export function openedBefore(
  context: Context,
  session: Session,
  patientHandle: string,
): Promise<OpenedPatient | undefined> {
  return openedUnder(context.db, patientHandle, session.login.user)
}
