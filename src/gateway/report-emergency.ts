import { z } from 'zod'
import { JsonRefused, parseJson } from '../kernel/strict-json.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { feedHub } from './feed-hub.ts'
import type { Session } from './session.ts'

const LIST_LIMITS = { depthMax: 8, nodesMax: 20_000 }

const listSchema = z.array(
  z.looseObject({
    emergency: z.string().max(43),
    institution: z.string().max(10),
    user: z.string().max(200),
    brokenAt: z.iso.datetime(),
  }),
)

/** Sends what the session's user reports of the emergency that the session was. */
export async function sendReport(ctx: GatewayContext, session: Session, report: string): Promise<void> {
  const { login, opened } = session
  if (opened.breakGlass === undefined) throw refuse('emergency-unknown')
  const since = new Date(opened.breakGlass.since * 1000).toISOString()
  const own = (await listOf(ctx)).filter(
    ({ institution, user, brokenAt }) =>
      institution === login.institution && user === login.user && brokenAt === since,
  )
  const [found, ...others] = own
  // Two in one second are of two patients: nobody can say which is meant.
  if (found === undefined || others.length > 0) throw refuse('emergency-unknown')
  const body = JSON.stringify({ emergency: found.emergency, by: login.user, report })
  const { status } = await feedHub(ctx, { method: 'POST', path: '/emergencies/report', body })
  if (status !== 204) throw refuse(status === 404 ? 'emergency-unknown' : 'hub-refused')
}

async function listOf(ctx: GatewayContext) {
  const { status, text } = await feedHub(ctx, { method: 'GET', path: '/emergencies' })
  if (status !== 200) throw refuse('hub-refused')
  try {
    return listSchema.parse(parseJson(text, LIST_LIMITS))
  } catch (cause) {
    if (cause instanceof JsonRefused || cause instanceof z.ZodError)
      throw refuse('hub-answer-invalid', { cause })
    throw cause
  }
}
