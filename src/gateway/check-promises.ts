import { type InclusionVerdict, type LogIdentity, recordAudit, verifyProof } from '../audit/index.ts'
import { boundedFetch, FetchFault } from '../http/index.ts'
import { HubError } from '../kernel/hub-error.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
import { JsonRefused, parseJson } from '../kernel/strict-json.ts'
import { checkReceipts } from './check-receipts.ts'
import type { HubReader } from './context.ts'
import { hubLog } from './hub-log.ts'
import { promisesDue, settlePromise } from './promise-store.ts'

/** Two clocks may differ by the skew that tokens are allowed, and a promise called broken is an accusation. */
const GRACE_MS = 60_000
/** So long after its deadline a promise that could not be looked up raises the alarm as well. */
const OVERDUE_MS = 600_000
const PROOF_BYTES_MAX = 65_536
const PROOF_MS = 3_000

export interface PromisesChecked {
  kept: number
  broken: number
  /** The hub did not let itself be asked. */
  unchecked: number
}

/**
 * Looks up every leaf that the hub promised and that is past its deadline. One that its log does not hold, proven
 * under the pinned checkpoint key, stays on record here as broken.
 */
export async function checkPromises(ctx: HubReader): Promise<PromisesChecked> {
  const checked: PromisesChecked = { kept: 0, broken: 0, unchecked: 0 }
  const due = await promisesDue(ctx.db, new Date(ctx.now().getTime() - GRACE_MS))
  if (due.length === 0) return checked
  const log = await hubLog(ctx)
  for (const { leaf, by } of due) {
    const verdict = await lookUp(ctx, leaf, log)
    if (verdict === undefined) {
      checked.unchecked += 1
      if (ctx.now().getTime() - by.getTime() > OVERDUE_MS) ctx.log.error({ event: 'promise.overdue', leaf })
    } else if (await settle(ctx, leaf, verdict)) {
      checked[verdict === 'included' ? 'kept' : 'broken'] += 1
    }
  }
  return checked
}

type Verdict = InclusionVerdict | 'leaf-unknown'

/** What the log proves of the leaf; undefined when the hub gave no answer at all. */
async function lookUp(ctx: HubReader, leaf: string, log: LogIdentity): Promise<Verdict | undefined> {
  try {
    const { status, text } = await boundedFetch({
      dispatcher: ctx.dispatcher,
      url: `${ctx.hubUrl}/audit/proof?leaf=${leaf}`,
      method: 'GET',
      bytesMax: PROOF_BYTES_MAX,
      signal: AbortSignal.timeout(PROOF_MS),
    })
    if (status === 404) return 'leaf-unknown'
    return status === 200 ? verifyProof(parseJson(text), leaf, log) : undefined
  } catch (error) {
    if (error instanceof JsonRefused) return 'proof-malformed'
    if (error instanceof FetchFault) return undefined
    throw error
  }
}

async function settle(ctx: HubReader, leaf: string, verdict: Verdict): Promise<boolean> {
  const at = ctx.now()
  const isKept = verdict === 'included'
  const settled = await ctx.db.transaction(async (tx) => {
    if (!(await settlePromise(tx, leaf, isKept ? 'kept' : 'broken', at))) return false
    if (!isKept) await recordAudit(tx, { kind: 'promise.broken', at, detail: { leaf, verdict } })
    return true
  })
  if (settled && !isKept) ctx.log.error({ event: 'promise.broken', leaf, verdict })
  return settled
}

/** Checks for as long as it lives. Nothing it meets stops it: what fails is logged and tried again. */
export function startPromiseChecks(ctx: HubReader, everyMs: number): AsyncDisposable {
  const check = async () => {
    await checkPromises(ctx)
    await checkReceipts(ctx)
  }
  return repeatEvery(everyMs, check, (err) => {
    const code = err instanceof HubError ? err.code : undefined
    ctx.log.error({ event: 'promise.checks-failed', err, code })
  })
}
