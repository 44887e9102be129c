import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import type { Database } from '../../src/kernel/database.ts'

const WAIT_MS = 1_500

/** Returns once somebody waits for a lock in this database; a transaction would see its first look only. */
export async function untilAnyoneWaits(db: Database): Promise<void> {
  const waiting = sql`
    select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  await expect.poll(() => db.execute(waiting), { interval: 10, timeout: WAIT_MS }).not.toHaveLength(0)
}
