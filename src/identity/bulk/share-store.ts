import { sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../kernel/database.ts'
import { present } from '../../kernel/must.ts'
import type { Features } from '../normalise/index.ts'

/** Pages of the table of registrations, the last of them not among them. */
export interface Pages {
  from: number
  to: number
}

/** How many pages hold whatever is seen by now. */
export async function countPages(db: Queryable): Promise<number> {
  const [found] = await db.execute<{ pages: number }>(sql`
    select (pg_relation_size('registration') / current_setting('block_size')::int)::int as pages`)
  return present(found, 'a table has a size').pages
}

/**
 * A name for what the transaction sees now, by which others may see just that until it ends; it may do nothing itself
 * for as long as they take.
 */
export async function nameSnapshot(tx: Transaction): Promise<string> {
  const [found] = await tx.execute<{ name: string }>(sql`
    select pg_export_snapshot() as name, set_config('idle_in_transaction_session_timeout', '0', true)`)
  return present(found, 'a snapshot has a name').name
}

/** The first thing that a transaction does which is to see what another sees. */
export async function takeSnapshot(tx: Transaction, name: string): Promise<void> {
  await tx.execute(sql.raw(`set transaction snapshot '${name}'`))
}

export type ActiveRow = { region: string; localId: string; features: Features }

/**
 * Who is somebody's to link, as they lie in the table: in the order of their ids each would take a page of its own to
 * be read. Read as they are: drizzle would copy each twice.
 */
export async function listActive(db: Queryable, { from, to }: Pages): Promise<readonly ActiveRow[]> {
  return db.execute<ActiveRow>(sql`
    select region, local_id as "localId", features from registration
     where is_active and ctid >= ${`(${from},0)`}::tid and ctid < ${`(${to},0)`}::tid`)
}
