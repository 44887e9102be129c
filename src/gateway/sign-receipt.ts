import type { AuditPromise } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { freshClaims, type ReceiptClaims, rootOfTexts, signToken, tokenDigest } from '../trust/index.ts'
import type { Item, SourceState } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { keepReceipt } from './receipt-store.ts'
import type { Mandate } from './verify-mandate.ts'

export interface Answered {
  status: SourceState
  /** Exact texts of the entries, in order; none in a denial. */
  texts: readonly string[]
  /** `Patient/<id>`, where somebody was found. */
  patient: string | undefined
  /** What was permitted, where the council lets it be known; an item outside it may be withheld. */
  items?: readonly Item[] | undefined
  /** The leaf of this gateway's own log in which the answer stands. */
  promise: AuditPromise
}

/** The region's word for what it answered, denials too; kept in the transaction that puts the answer on record. */
export async function signReceipt(
  tx: Transaction,
  ctx: GatewayContext,
  mandate: Mandate,
  { status, texts, patient, items, promise }: Answered,
): Promise<string> {
  const now = ctx.now()
  const claims: ReceiptClaims = {
    ...freshClaims(ctx.region, ctx.hubUrl, now),
    req: mandate.request.digest,
    man: mandate.digest,
    root: Buffer.from(rootOfTexts(texts)).toString('base64url'),
    count: texts.length,
    status,
    ...(items === undefined ? {} : { items: [...items] }),
    ...(patient === undefined ? {} : { patient }),
    promise: { leaf: promise.leaf, by: promise.by },
  }
  const receipt = await signToken(ctx.key, 'tsunagi-receipt+jwt', claims)
  await keepReceipt(tx, {
    digest: tokenDigest(receipt),
    requestDigest: mandate.request.digest,
    mandateDigest: mandate.digest,
    signedAt: now,
  })
  return receipt
}
