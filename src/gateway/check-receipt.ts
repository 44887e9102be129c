import { HubError } from '../kernel/hub-error.ts'
import {
  isPromiseLate,
  type ReceiptClaims,
  receiptClaimsSchema,
  type VerifiedToken,
  type VerifyingKey,
  verifyToken,
} from '../trust/index.ts'
import { AnswerCondemned } from './answer-condemned.ts'

/** The hub signs receipts with a key for nothing else, a region with the one it has. */
export type ReceiptKeyUse = 'receipt' | 'region'

/** What an answer is held against: our own request, our own pins. */
export interface AnswerExpected {
  /** This region: `aud` of the hub's receipt. */
  region: string
  /** `iss` of the hub's receipt, and `aud` of the sources'. */
  hubUrl: string
  /** Digest of the request that was sent: a receipt of any other query is refused. */
  request: string
  now: Date
  /** The key of that thumbprint if it is pinned for that use, with its holder. */
  keyOf(kid: string, use: ReceiptKeyUse): Promise<(VerifyingKey & { owner: string }) | undefined>
}

/** The hub's own receipt for this request. Throws AnswerCondemned. */
export async function hubReceipt(
  receipt: string | undefined,
  expected: AnswerExpected,
): Promise<VerifiedToken<ReceiptClaims>> {
  if (receipt === undefined) throw new AnswerCondemned('receipt-missing')
  const read = await readReceipt(receipt, { audience: expected.region, use: 'receipt' }, expected)
  if (read.claims.iss !== expected.hubUrl || read.claims.man !== undefined) {
    throw new AnswerCondemned('receipt-of-another-source')
  }
  if (isPromiseLate(read.claims)) throw new AnswerCondemned('promise-late')
  return read
}

/** The receipt that a region gave the hub for this request. Throws AnswerCondemned. */
export async function sourceReceipt(
  receipt: string,
  region: string,
  expected: AnswerExpected,
): Promise<VerifiedToken<ReceiptClaims>> {
  const read = await readReceipt(receipt, { audience: expected.hubUrl, use: 'region', region }, expected)
  if (read.claims.iss !== region || read.claims.man === undefined) {
    throw new AnswerCondemned('receipt-of-another-source', { region })
  }
  return read
}

async function readReceipt(
  receipt: string,
  { audience, use, region }: { audience: string; use: ReceiptKeyUse; region?: string },
  { request, now, keyOf }: AnswerExpected,
): Promise<VerifiedToken<ReceiptClaims>> {
  try {
    const read = await verifyToken(receipt, {
      typ: 'tsunagi-receipt+jwt',
      schema: receiptClaimsSchema,
      audience,
      now,
      keyOf: (kid) => keyOf(kid, use),
    })
    if (read.claims.req !== request) throw new AnswerCondemned('receipt-of-another-query', { region })
    return read
  } catch (cause) {
    if (!(cause instanceof HubError) || cause.kind !== 'unauthenticated') throw cause
    throw new AnswerCondemned(`receipt-${cause.code}`, { region, cause })
  }
}
