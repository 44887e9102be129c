import type { GatewayContext } from './context.ts'
import { currentDirectory } from './directory-cache.ts'
import { readRecords } from './read-records.ts'
import { type MandateAnswer, recordAnswer, recordDenial } from './record-answer.ts'
import { recordMandate } from './record-mandate.ts'
import { type MandatedCall, verifyMandate } from './verify-mandate.ts'

/** How a mandate is answered, in order. Nothing is asked of the local system before the mandate is on record. */
export async function answerMandate(ctx: GatewayContext, call: MandatedCall): Promise<MandateAnswer> {
  const mandate = await verifyMandate(ctx, call)
  const { directory } = await currentDirectory(ctx)
  const verdict = await recordMandate(ctx, mandate, directory)
  if (verdict.verdict === 'deny') return recordDenial(ctx, mandate, verdict.reason)
  const records = await readRecords(ctx, mandate, verdict.items)
  if ('refused' in records) return recordDenial(ctx, mandate, records.refused)
  return recordAnswer(ctx, mandate, directory, records)
}
