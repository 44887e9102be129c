import { recordAudit } from '../audit/index.ts'
import type { DenyReason } from '../consent/index.ts'
import type { Transaction } from '../kernel/database.ts'
import type { Directory } from '../registry/index.ts'
import { ITEMS, type Item, type SourceState } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { lockForRelease } from './copy-lock-store.ts'
import { findPolicyCopy } from './copy-store.ts'
import { decideRelease } from './decide-release.ts'
import type { SubjectRefusal } from './find-subject.ts'
import { findFormerCopies } from './merge-store.ts'
import { narrowRecords } from './narrow-records.ts'
import type { ReadRecords } from './read-records.ts'
import { namesOf } from './record-mandate.ts'
import { signReceipt } from './sign-receipt.ts'
import type { Mandate } from './verify-mandate.ts'

/** What goes back to the hub, with the receipt over it. */
export interface MandateAnswer {
  state: SourceState
  /** The Bundle; a denial has none. */
  text: string | undefined
  receipt: string
}

/** Why nothing leaves. Told to the own audit; from outside every reason looks the same. */
export type ReleaseRefusal = DenyReason | SubjectRefusal

/**
 * Step 7: decides again while consent, policy and flags of the person are locked, narrows what was read to what is
 * permitted now, and in the same transaction records and signs it.
 */
export function recordAnswer(
  ctx: GatewayContext,
  mandate: Mandate,
  directory: Directory,
  records: ReadRecords,
): Promise<MandateAnswer> {
  return ctx.db.transaction(async (tx) => {
    const localId = mandate.claims.patient.value
    await lockForRelease(tx, localId, () => findFormerCopies(tx, localId))
    const verdict = await decideRelease(ctx, tx, mandate, directory)
    if (verdict.verdict === 'deny') return denyIn(tx, ctx, mandate, verdict.reason)
    const { period } = mandate.claims
    const { texts, isCut } = narrowRecords(records.resources, { items: verdict.items, period })
    const state = stateOf(records.state, texts.length, isCut)
    const promise = await recordAudit(tx, {
      kind: state === 'wrong-person' ? 'answer.condemned' : 'gateway.answer',
      at: ctx.now(),
      detail: { ...namesOf(mandate), state, items: [...verdict.items], count: texts.length },
    })
    const patient = records.subject?.reference
    const tells = (await findPolicyCopy(tx, ctx.now()))?.showsWithholding === true && state !== 'wrong-person'
    const items = tells ? verdict.items.filter((item) => isSearched(item, records)) : undefined
    const receipt = await signReceipt(tx, ctx, mandate, { status: state, texts, patient, items, promise })
    return { state, text: bundleOf(texts), receipt }
  })
}

/** An item of which the local system has no type was not looked for, so nothing may read as if it was. */
function isSearched(item: Item, { types }: ReadRecords): boolean {
  return types === undefined || ITEMS[item].types.some((type) => types.includes(type))
}

/** A denial is on record and has a receipt, as an answer has. */
export function recordDenial(
  ctx: GatewayContext,
  mandate: Mandate,
  reason: ReleaseRefusal,
): Promise<MandateAnswer> {
  return ctx.db.transaction((tx) => denyIn(tx, ctx, mandate, reason))
}

async function denyIn(
  tx: Transaction,
  ctx: GatewayContext,
  mandate: Mandate,
  reason: ReleaseRefusal,
): Promise<MandateAnswer> {
  const detail = { ...namesOf(mandate), reason }
  const promise = await recordAudit(tx, { kind: 'gateway.refusal', at: ctx.now(), detail })
  const answered = { status: 'denied', texts: [], patient: undefined, promise } as const
  const receipt = await signReceipt(tx, ctx, mandate, answered)
  return { state: 'denied', text: undefined, receipt }
}

function stateOf(read: ReadRecords['state'], count: number, isCut: boolean): SourceState {
  if (read !== 'complete') return read
  if (isCut) return 'partial'
  return count > 0 ? 'complete' : 'empty'
}

/** The exact texts, one after another: what the receipt covers is what arrives. */
function bundleOf(texts: readonly string[]): string {
  const entries = texts.map((text) => `{"resource":${text}}`).join(',')
  return `{"resourceType":"Bundle","type":"searchset"${texts.length > 0 ? `,"entry":[${entries}]` : ''}}`
}
