import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'

/** A region's map from its own codes to national ones, as it was uploaded. */
export const conceptMap = pgTable(
  'concept_map',
  {
    region: text().notNull(),
    id: text().notNull(),
    name: text().notNull(),
    body: text().notNull(),
    uploadedAt: timestamp('uploaded_at', { withTimezone: true }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.region, table.id] })],
)

/** Its rows, one target each, to be looked up. */
export const conceptMapCode = pgTable(
  'concept_map_code',
  {
    region: text().notNull(),
    map: text().notNull(),
    place: integer().notNull(),
    source: text().notNull(),
    code: text().notNull(),
    target: text().notNull(),
    targetCode: text('target_code').notNull(),
    display: text(),
    equivalence: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.map, table.place] }),
    index('concept_map_code_by_source').on(table.region, table.source, table.code),
  ],
)

/** How many records of a region had which item and level, by day in Japan. No person, no asker. */
export const alignmentTally = pgTable(
  'alignment_tally',
  {
    day: date({ mode: 'string' }).notNull(),
    region: text().notNull(),
    /** Empty for what is unclassified. */
    item: text().notNull(),
    level: text().notNull(),
    count: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.day, table.item, table.level] }),
    check('alignment_tally_count', sql`${table.count} > 0`),
  ],
)

/** How often a region's records broke a rule, by day in Japan. */
export const alignmentBreach = pgTable(
  'alignment_breach',
  {
    day: date({ mode: 'string' }).notNull(),
    region: text().notNull(),
    rule: text().notNull(),
    count: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.region, table.day, table.rule] })],
)

/** Codes of a region's records by whether they are or lead to a national one, by day in Japan; system and code only. */
export const alignmentCode = pgTable(
  'alignment_code',
  {
    day: date({ mode: 'string' }).notNull(),
    region: text().notNull(),
    system: text().notNull(),
    /** Empty for all codes of the system that are mapped: only the unmapped ones are told apart. */
    code: text().notNull(),
    count: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.region, table.day, table.system, table.code] })],
)
