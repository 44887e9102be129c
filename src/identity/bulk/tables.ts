import { check, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { isBytes32 } from '../../kernel/base64url.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })

/** How far the loading of a file has come, so that it goes on there after a crash. */
export const bulkLoad = pgTable(
  'bulk_load',
  {
    region: text().notNull(),
    digest: text().notNull(),
    file: text().notNull(),
    /** The last line whose outcome is committed. */
    line: integer().notNull(),
    created: integer().notNull(),
    changed: integer().notNull(),
    unchanged: integer().notNull(),
    refused: integer().notNull(),
    startedAt: at('started_at').notNull(),
    endedAt: at('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.digest] }),
    check('bulk_load_digest', isBytes32(table.digest)),
  ],
)

/** Lines left out: where and why, and nothing of what they say. */
export const bulkRefusal = pgTable(
  'bulk_refusal',
  {
    region: text().notNull(),
    digest: text().notNull(),
    line: integer().notNull(),
    code: text().notNull(),
    place: text(),
  },
  (table) => [primaryKey({ columns: [table.region, table.digest, table.line] })],
)
