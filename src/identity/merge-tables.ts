import { sql } from 'drizzle-orm'
import { boolean, check, date, index, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

const at = (name: string) => timestamp(name, { withTimezone: true })

/**
 * Ids that were merged away, and what still counts of them. The same as the chains of `registration.replaced_by`, but
 * each in one step, so that a query finds all that lead to an id at once. Few, so it is one table.
 */
export const mergedId = pgTable(
  'merged_id',
  {
    region: text().notNull(),
    localId: text('local_id').notNull(),
    survivor: text().notNull(),
    /** When the region gave the id, and when it came to lead to the survivor. */
    since: at('since').notNull(),
    mergedAt: at('merged_at').notNull(),
    isProtected: boolean('is_protected').notNull(),
    deceasedOn: date('deceased_on', { mode: 'string' }),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.localId] }),
    index('merged_id_by_survivor').on(table.region, table.survivor),
    check('merged_id_two', sql`${table.localId} <> ${table.survivor}`),
  ],
)
