import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { type AuditEntry, recordAudit } from '../audit/index.ts'
import { type CertificateSource, failureLimit, type HubEnv, peerCertificate } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Transaction } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'
import { consumeOnce } from '../trust/index.ts'
import { hasReached, refuse } from '../vocabulary/index.ts'
import { actTogether, type JointChange } from './act-together.ts'
import { type AskedRow, askNothing, type Question } from './ask-store.ts'
import { askTogether } from './ask-together.ts'
import { type SignedCall, verifyCall } from './verify-call.ts'

/** What a call asks that changes nothing: `entry` goes on record with it. */
export interface Asked<Key, Row extends AskedRow> {
  question: Question<Key, Row>
  key: Key
  entry: AuditEntry
}

/** What a call may do together with others that come at once; either uses its request up. */
export interface AskingEnv {
  Variables: HubEnv['Variables'] & {
    /** Puts the entry on record and gives the rows. */
    ask: <Key, Row extends AskedRow>(asked: Asked<Key, Row>) => Promise<Row[]>
    /** Puts an entry on record and does nothing else. */
    record: (entry: AuditEntry) => Promise<void>
    actTogether: <Job, Result>(change: JointChange<Job, Result>, job: Job) => Promise<Result>
  }
}

/** What a verified call carries to its route. */
export type SignedEnv = {
  Bindings: Partial<HttpBindings>
  Variables: AskingEnv['Variables'] & { signed: SignedCall }
}

/**
 * Lets a call in only with a request its region signed for exactly this call. What the call does happens through
 * `act`, in the transaction that uses the request up.
 */
export function authenticate(
  context: Context & { publicUrl: string; certificates: CertificateSource },
): MiddlewareHandler<SignedEnv> {
  const limit = failureLimit()
  const [askUsingUp, actJointly] = [askTogether(context), actTogether(context)]
  return async (c, next) => {
    const certificate = c.env?.incoming && peerCertificate(c.env.incoming, context.certificates)
    const peer = certificate ?? c.env?.incoming?.socket.remoteAddress ?? 'local'
    if (limit.isHeld(peer, context.now().getTime())) throw refuse('rate-limited')
    const { pathname, search } = new URL(c.req.url)
    try {
      const signed = await verifyCall(context, {
        authorization: c.req.header('authorization'),
        method: c.req.method,
        url: context.publicUrl + pathname + search,
        body: c.get('body'),
        certificate,
      })
      c.set('signed', signed)
      const { id: region, patientSystem, stage } = signed.region
      c.set('caller', { region, patientSystem, isTrying: !hasReached(stage, 'feeding') })
      c.set('act', (change) => actOnce(context, signed, change))
      c.set('actTogether', (change, job) => {
        const actAlone = () => actOnce(context, signed, (tx) => change.alone(tx, job))
        return actJointly(change, { claims: signed.claims, job, actAlone })
      })
      const ask: AskingEnv['Variables']['ask'] = async (asked) =>
        (await askUsingUp(signed.claims, asked)) ?? refuseReplay(context, signed)
      c.set('ask', ask)
      c.set('record', async (entry) => {
        await ask({ question: askNothing, key: undefined, entry })
      })
    } catch (error) {
      if (error instanceof HubError && error.kind === 'unauthenticated') {
        limit.failed(peer)
        const said = { event: 'request.refused', code: error.code, requestId: c.get('requestId') }
        // One region's key under another's name is no slip of a clock or a configuration: somebody has to look.
        if (error.code === 'token-issuer') context.log.error({ ...said, alarm: 'cross-issuer-key' })
        else context.log.warn(said)
      }
      throw error
    }
    await next()
  }
}

/** Runs the change once for this request; a replay is put on record and refused, and changes nothing. */
async function actOnce<T>(
  context: Context,
  signed: SignedCall,
  change: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const acted = await context.db.transaction(async (tx) => {
    if (await consumeOnce(tx, 'tsunagi-request+jwt', signed.claims)) return { result: await change(tx) }
    await recordReplay(context, tx, signed)
    return undefined
  })
  if (acted === undefined) throw refuse('token-replayed')
  return acted.result
}

/** A replay is put on record by itself, and refused. */
async function refuseReplay(context: Context, signed: SignedCall): Promise<never> {
  await context.db.transaction((tx) => recordReplay(context, tx, signed))
  throw refuse('token-replayed')
}

async function recordReplay(context: Context, tx: Transaction, signed: SignedCall): Promise<void> {
  await recordAudit(tx, {
    kind: 'replay.refused',
    at: context.now(),
    detail: { request: signed.digest, region: signed.region.id },
  })
}
