import { boolean, date, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'

/** What a region's gateway was last told of other registrations of its patient; no row means nothing. */
export const standingTold = pgTable(
  'standing_told',
  {
    region: text().notNull(),
    localId: text('local_id').notNull(),
    protected: boolean().notNull(),
    deceasedOn: date('deceased_on', { mode: 'string' }),
  },
  (table) => [primaryKey({ columns: [table.region, table.localId] })],
)
