import { recordAudit } from '../audit/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { findRegionById } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { allowedAt, changesSince, countChanges, countRegistrations, insertAllowance } from './guard-store.ts'

/** What a region may change in a day: residents move and marry, and no more than so many of them. */
const DAILY_SHARE = 0.05
/** A small region corrects its records by hand, too. */
const DAILY_MIN = 200
const DAY_MS = 86_400_000
/** How long a region's size is remembered: counting millions takes a moment, and they do not double meanwhile. */
const SIZE_KEPT_MS = 600_000

const sizes = new Map<string, { registrations: number; at: number }>()

/**
 * Stops a region that changes more of its registrations in a day than happens in life: it has re-numbered its
 * patients, or sends another system's. New registrations are no changes. Throws `feed-halted`, which lasts until
 * enough time has passed or an operator allows it.
 */
export async function guardFeed(tx: Transaction, region: string, changes: number, at: Date): Promise<void> {
  const from = new Date(at.getTime() - DAY_MS)
  const { counted, allowed } = await countChanges(tx, region, changes, { from, at })
  if (counted <= DAILY_MIN + allowed) return
  const limit = limitOf(await sizeOf(tx, region, at)) + allowed
  if (counted > limit) throw refuse('feed-halted')
}

function limitOf(registrations: number): number {
  return Math.max(DAILY_MIN, Math.floor(registrations * DAILY_SHARE))
}

async function sizeOf(db: Queryable, region: string, at: Date): Promise<number> {
  const known = sizes.get(region)
  if (known !== undefined && Math.abs(at.getTime() - known.at) < SIZE_KEPT_MS) return known.registrations
  const registrations = await countRegistrations(db, region)
  sizes.set(region, { registrations, at: at.getTime() })
  return registrations
}

export interface FeedRate {
  changes: number
  limit: number
  /** Beside the limit, by an operator, now. */
  allowed: number
  registrations: number
}

/** What a region changed in the last day, and what it may. */
export async function feedRate(db: Queryable, region: string, at: Date): Promise<FeedRate> {
  const registrations = await countRegistrations(db, region)
  const changes = await changesSince(db, region, new Date(at.getTime() - DAY_MS))
  const allowed = await allowedAt(db, region, at)
  return { changes, limit: limitOf(registrations), allowed, registrations }
}

/** An operator lets a region make so many changes more, having asked it what it means to do. */
export async function allowChanges(
  tx: Transaction,
  allowed: { region: string; changes: number; until: Date; reason: string },
  at: Date,
): Promise<void> {
  const { region, changes, until, reason } = allowed
  if ((await findRegionById(tx, region)) === undefined) throw refuse('region-unknown')
  await insertAllowance(tx, { ...allowed, at })
  await recordAudit(tx, {
    kind: 'feed.allowed',
    at,
    detail: { region, changes, until: until.toISOString(), reason },
  })
}
