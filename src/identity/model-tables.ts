import { sql } from 'drizzle-orm'
import { boolean, check, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Kind, ModelFile } from './linkage/index.ts'

/** What everybody was last linked by, where that is not what the program comes with; feeds go by it too. */
export const linkageModel = pgTable(
  'linkage_model',
  {
    kind: text().$type<Kind>().primaryKey(),
    /** Name and hash. */
    id: text().notNull(),
    file: jsonb().$type<ModelFile>().notNull(),
    /** Said by an operator, and kept until they say otherwise; else estimated when everybody was linked. */
    isGiven: boolean('is_given').notNull(),
    at: timestamp('at', { withTimezone: true }).notNull(),
  },
  (table) => [check('linkage_model_kind', sql`${table.kind} in ('residents', 'general')`)],
)
