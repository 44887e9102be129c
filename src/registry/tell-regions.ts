import type { Transaction } from '../kernel/database.ts'
import { postLetters } from '../kernel/outbox.ts'
import type { Notice } from '../trust/index.ts'
import { listRegions } from './store.ts'

/** The outbox's topic of what the hub tells gateways. */
export const NOTICES = 'gateway-notice'

export interface ToldRegion {
  region: string
  notice: Notice
}

/** Tells gateways something from the moment the transaction commits, at least once. */
export async function tellRegions(tx: Transaction, told: readonly ToldRegion[], at: Date): Promise<void> {
  const letters = told.map(({ region, notice }) => ({
    topic: NOTICES,
    destination: region,
    subject: 'patient' in notice ? `patient:${notice.patient}` : notice.kind,
    body: JSON.stringify(notice),
  }))
  await postLetters(tx, letters, at)
}

/** Tells every region that has a gateway. */
export async function tellEverybody(tx: Transaction, notice: Notice, at: Date): Promise<void> {
  const regions = await listRegions(tx)
  const told = regions
    .filter(({ gatewayUrl }) => gatewayUrl !== null)
    .map(({ id }) => ({ region: id, notice }))
  await tellRegions(tx, told, at)
}
