import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core'
import type { JsonValue } from '../kernel/strict-json.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })

/** What came of looking into a finding. */
export const OUTCOMES = ['proper', 'improper', 'unclear'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Something in the audit that somebody should look into: one a rule, a viewer and a day. */
export const finding = pgTable(
  'finding',
  {
    id: text().primaryKey(),
    rule: text().notNull(),
    day: date({ mode: 'string' }).notNull(),
    region: text().notNull(),
    institution: text().notNull(),
    userId: text('user_id').notNull(),
    score: integer().notNull(),
    /** What the rule saw: numbers and times, by name. */
    evidence: jsonb().$type<JsonValue>().notNull(),
    foundAt: at('found_at').notNull(),
    settledAt: at('settled_at'),
    settledBy: text('settled_by'),
    outcome: text().$type<Outcome>(),
    followUp: text('follow_up'),
  },
  (table) => [
    unique('finding_once').on(table.rule, table.day, table.region, table.institution, table.userId),
    index('finding_open').on(table.score).where(sql`${table.settledAt} is null`),
    check('finding_score', sql`${table.score} between 1 and 100`),
    check('finding_outcome', sql`${table.outcome} in ('proper', 'improper', 'unclear')`),
    check(
      'finding_settled',
      sql`num_nonnulls(${table.settledAt}, ${table.settledBy}, ${table.outcome}, ${table.followUp}) in (0, 4)`,
    ),
  ],
)
