import { Hono } from 'hono'
import { recordAudit } from '../audit/index.ts'
import { type Caller, fhir } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { HubError } from '../kernel/hub-error.ts'
import type { AskingEnv } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { answerBatch } from './batch/answer-batch.ts'
import { jointFeeding } from './feed-jointly.ts'
import { lookUp, parametersOf } from './look-up.ts'
import { type FeedContext, readFed } from './read-fed.ts'
import { readIdentifier, readPixParameters, readPixQuery } from './read-token.ts'
import { removeRegistration } from './remove-registration.ts'

/** The person index at the wire (IHE PIXm): ITI-104 feed and `$ihe-pix`, in the caller's own domain, and batches of them. */
export function identityRoutes(context: FeedContext) {
  const feeding = jointFeeding(context)
  return new Hono<AskingEnv>()
    .put('/Patient', async (c) => {
      const { caller, actTogether, body } = c.var
      const { system, value } = readIdentifier(queryOf(c.req.url), 'identifier')
      const feed = readFed({ system, localId: value, source: body }, caller, context)
      const fed = await noteHalt(context, caller, () => actTogether(feeding, { caller, feed }))
      c.header('etag', `W/"${fed.version}"`)
      return fhir(c, feed.read.source, fed.outcome === 'created' ? 201 : 200)
    })
    .delete('/Patient', async (c) => {
      const { caller, act } = c.var
      const id = { region: caller.region, localId: ownId(c.var.caller, c.req.url) }
      await noteHalt(context, caller, () => act((tx) => removeRegistration(tx, id, context.now())))
      return c.body(null, 204)
    })
    .on(['GET', 'POST'], '/Patient/$ihe-pix', async (c) => {
      const query = queryOf(c.req.url)
      const asked = c.req.method === 'POST' ? readPixParameters(query, c.var.body) : readPixQuery(query)
      const others = await lookUp(c.var, asked, context.now())
      if (others instanceof HubError) throw others
      return fhir(c, JSON.stringify(parametersOf(c.var.caller.patientSystem, others)))
    })
    .post('/', async (c) => {
      const answered = await answerBatch(context, c.var)
      if (answered.isHalted) await recordHalt(context, c.var.caller)
      return fhir(c, answered.text)
    })
}

/** One identity source per domain: a region writes its own only (ITI-104). */
function ownId({ patientSystem }: Caller, url: string): string {
  const { system, value } = readIdentifier(queryOf(url), 'identifier')
  if (system !== patientSystem) throw refuse('foreign-patient-domain', { at: 'identifier' })
  return value
}

function queryOf(url: string): URLSearchParams {
  return new URL(url).searchParams
}

/** A feed that is stopped changes nothing, and says so. */
async function noteHalt<T>(context: Context, caller: Caller, feed: () => Promise<T>): Promise<T> {
  try {
    return await feed()
  } catch (error) {
    if (error instanceof HubError && error.code === 'feed-halted') await recordHalt(context, caller)
    throw error
  }
}

/** That a region was stopped is put on record by itself, and somebody has to ask why. */
async function recordHalt(context: Context, { region }: Caller): Promise<void> {
  context.log.error({ event: 'feed.halted', alarm: 'feed-halted', region })
  const entry = { kind: 'feed.halted', at: context.now(), detail: { region } } as const
  await context.db.transaction((tx) => recordAudit(tx, entry))
}
