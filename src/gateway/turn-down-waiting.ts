import { recordAudit } from '../audit/index.ts'
import { DESK_KINDS, type DeskKind } from '../consent/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuseWaiting } from './desk-store.ts'
import type { FeedLogin } from './login.ts'

/** What came meanwhile, by whose login; `toldBy` is the receipt number where it was told at the desk. */
interface Meanwhile {
  login: Pick<FeedLogin, 'user'>
  at: Date
  toldBy?: string
}

/** A death is told once more: what waited to take back an earlier word of it was entered without knowing of this one. */
export async function turnDownTakingBack(tx: Transaction, localId: string, by: Meanwhile): Promise<void> {
  await turnDown(tx, localId, by, ['not-deceased'])
}

/** The id is removed: what waited was said by whoever had it, and may not count for whoever is given it next. */
export async function turnDownAll(tx: Transaction, localId: string, by: Meanwhile): Promise<void> {
  await turnDown(tx, localId, by, DESK_KINDS)
}

async function turnDown(
  tx: Transaction,
  patient: string,
  { login, at, toldBy }: Meanwhile,
  kinds: readonly DeskKind[],
): Promise<void> {
  for (const receipt of await refuseWaiting(tx, patient, kinds, at)) {
    const detail = { receipt, patient, state: 'refused', user: login.user, ...(toldBy && { toldBy }) }
    await recordAudit(tx, { kind: 'desk.checked', at, detail })
  }
}
