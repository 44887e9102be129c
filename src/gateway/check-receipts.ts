import { z } from 'zod'
import { type LogIdentity, recordAudit, verifyEntry } from '../audit/index.ts'
import { boundedFetch, FetchFault } from '../http/index.ts'
import { JsonRefused, parseJson } from '../kernel/strict-json.ts'
import type { HubReader } from './context.ts'
import { hubLog } from './hub-log.ts'
import { receiptsDue, type SignedReceipt, settleReceipt } from './receipt-store.ts'

/** Design, "Gateway": a receipt that no log entry names within ten minutes raises the alarm. */
const NAMED_WITHIN_MS = 600_000
const ENTRY_BYTES_MAX = 131_072
const FETCH_MS = 3_000

export interface ReceiptsChecked {
  named: number
  /** The log does not name them, or says that something else was answered. */
  missed: number
  /** The hub did not let itself be asked. */
  unchecked: number
}

const detailSchema = z.object({ receipt: z.string().nullable(), state: z.string() })

/**
 * Looks in the hub's log for every receipt signed here over ten minutes ago: a hub that took an answer and left no
 * trace of it, or of another one, is found out. That an answer never arrived is a thing the log may say.
 */
export async function checkReceipts(ctx: HubReader): Promise<ReceiptsChecked> {
  const checked: ReceiptsChecked = { named: 0, missed: 0, unchecked: 0 }
  const due = await receiptsDue(ctx.db, new Date(ctx.now().getTime() - NAMED_WITHIN_MS))
  if (due.length === 0) return checked
  const log = await hubLog(ctx)
  for (const receipt of due) {
    const found = await lookUp(ctx, receipt, log)
    if (found === 'no-answer') checked.unchecked += 1
    else if (found === 'named') checked.named += (await name(ctx, receipt)) ? 1 : 0
    else checked.missed += (await raiseAlarm(ctx, receipt, found)) ? 1 : 0
  }
  return checked
}

type Found = 'named' | 'no-answer' | 'receipt.unnamed' | 'receipt.differs'

async function lookUp(ctx: HubReader, signed: SignedReceipt, log: LogIdentity): Promise<Found> {
  try {
    const { status, text } = await boundedFetch({
      dispatcher: ctx.dispatcher,
      url: `${ctx.hubUrl}/audit/answer?mandate=${signed.mandateDigest}`,
      method: 'GET',
      bytesMax: ENTRY_BYTES_MAX,
      signal: AbortSignal.timeout(FETCH_MS),
    })
    if (status === 404) return 'receipt.unnamed'
    if (status !== 200) return 'no-answer'
    const detail = verifyEntry(parseJson(text), 'source.answered', log)
    if (detail === undefined) return 'receipt.unnamed'
    const { receipt, state } = detailSchema.parse(JSON.parse(detail))
    return receipt === signed.digest || (receipt === null && NEVER_ARRIVED.has(state))
      ? 'named'
      : 'receipt.differs'
  } catch (error) {
    if (error instanceof FetchFault) return 'no-answer'
    if (error instanceof JsonRefused || error instanceof z.ZodError) return 'receipt.unnamed'
    throw error
  }
}

/** States by which the hub puts on record that no receipt reached it. */
const NEVER_ARRIVED: ReadonlySet<string> = new Set(['timeout', 'unreachable', 'busy', 'invalid', 'denied'])

function name(ctx: HubReader, { digest }: SignedReceipt): Promise<boolean> {
  return ctx.db.transaction((tx) => settleReceipt(tx, digest, { namedAt: ctx.now() }))
}

async function raiseAlarm(
  ctx: HubReader,
  { digest, requestDigest, mandateDigest }: SignedReceipt,
  kind: 'receipt.unnamed' | 'receipt.differs',
): Promise<boolean> {
  const at = ctx.now()
  const detail = { receipt: digest, request: requestDigest, mandate: mandateDigest }
  const settled = await ctx.db.transaction(async (tx) => {
    if (!(await settleReceipt(tx, digest, { missedAt: at }))) return false
    await recordAudit(tx, { kind, at, detail })
    return true
  })
  if (settled) ctx.log.error({ event: kind, alarm: 'answer-left-out', ...detail })
  return settled
}
