import { recordAudit } from '../audit/index.ts'
import { DESK_KINDS, type DeskKind } from '../consent/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuseUnfed, refuseWaiting } from './desk-store.ts'
import type { FeedLogin } from './login.ts'

/** What came meanwhile, by whose login; `toldBy` is the receipt number where it was told at the desk. */
interface Meanwhile {
  login: Pick<FeedLogin, 'user'>
  at: Date
  toldBy?: string
}

/** A death is told once more: what waited to take back an earlier word of it was entered without knowing of this one. */
export async function turnDownTakingBack(tx: Transaction, localId: string, by: Meanwhile): Promise<void> {
  await record(tx, localId, by, await refuseWaiting(tx, localId, ['not-deceased'], by.at))
}

/** What ends sharing is told to the hub whatever becomes of the registration. */
const ENDS: readonly DeskKind[] = ['withdrawal', 'stop', 'left']

/**
 * The id is removed: what waited, or the hub was not told of yet, was said by whoever had it, and may not count for
 * whoever is given it next.
 */
export async function turnDownAll(tx: Transaction, localId: string, by: Meanwhile): Promise<void> {
  const shares = DESK_KINDS.filter((kind) => !ENDS.includes(kind))
  const waiting = await refuseWaiting(tx, localId, DESK_KINDS, by.at)
  await record(tx, localId, by, [...waiting, ...(await refuseUnfed(tx, localId, shares, by.at))])
}

async function record(
  tx: Transaction,
  patient: string,
  { login, at, toldBy }: Meanwhile,
  receipts: readonly string[],
): Promise<void> {
  for (const receipt of receipts) {
    const detail = { receipt, patient, state: 'refused', user: login.user, ...(toldBy && { toldBy }) }
    await recordAudit(tx, { kind: 'desk.checked', at, detail })
  }
}
