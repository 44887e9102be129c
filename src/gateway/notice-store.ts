import { desc, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { councilNotice } from './tables.ts'

const LISTED_MAX = 500

/** False for a letter that came before: the hub sends each at least once. */
export async function keepNotice(tx: Transaction, row: typeof councilNotice.$inferSelect): Promise<boolean> {
  const kept = await tx
    .insert(councilNotice)
    .values(row)
    .onConflictDoNothing()
    .returning({ letter: councilNotice.letter })
  return kept.length === 1
}

/**
 * What the council was told, newest first; what was said elsewhere of a resident is for the gateway alone. The kind
 * stands in the text, as in the index: by a parameter PostgreSQL could not use that in a plan for any value.
 */
export async function listNotices(db: Queryable): Promise<(typeof councilNotice.$inferSelect)[]> {
  return db
    .select()
    .from(councilNotice)
    .where(sql`${councilNotice.notice} ->> 'kind' <> 'standing'`)
    .orderBy(desc(councilNotice.letter))
    .limit(LISTED_MAX)
}
