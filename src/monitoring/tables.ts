import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { SourceState } from '../vocabulary/index.ts'

/** How each region's newest asked query ended; no person, no asker. */
export const sourceReport = pgTable('source_report', {
  region: text().primaryKey(),
  state: text().$type<SourceState>().notNull(),
  at: timestamp({ withTimezone: true }).notNull(),
  elapsedMs: integer('elapsed_ms').notNull(),
  answeredAt: timestamp('answered_at', { withTimezone: true }),
})
