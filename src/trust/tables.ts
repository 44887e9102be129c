import { index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'

/** Tokens already used. Partitioned by the token's own expiry (by hand in the migration), so old days drop whole. */
export const replay = pgTable(
  'replay',
  {
    iss: text().notNull(),
    typ: text().notNull(),
    jti: text().notNull(),
    exp: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    uniqueIndex('replay_once').on(table.iss, table.typ, table.jti, table.exp),
    index('replay_by_expiry').on(table.exp),
  ],
)
