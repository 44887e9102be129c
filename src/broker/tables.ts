import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Post, Profession } from '../vocabulary/index.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })
const viewer = {
  institution: text().notNull(),
  /** The region that the institution asked under. */
  region: text().notNull(),
  userId: text('user_id').notNull(),
}

/** Whom somebody was shown on a day, for the holder's ceilings. */
export const viewedPerson = pgTable(
  'viewed_person',
  {
    day: date({ mode: 'string' }).notNull(),
    holding: text().notNull(),
    ...viewer,
    personId: text('person_id').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.institution, table.day, table.holding, table.region, table.userId, table.personId],
    }),
  ],
)

/** The first time an institution was shown a person by a region. */
export const firstView = pgTable(
  'first_view',
  {
    institution: text().notNull(),
    holding: text().notNull(),
    personId: text('person_id').notNull(),
    viewedAt: at('viewed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.institution, table.holding, table.personId] })],
)

/** How often somebody described a person whom the index did not find, on a day. */
export const lookupMiss = pgTable(
  'lookup_miss',
  { day: date({ mode: 'string' }).notNull(), ...viewer, misses: integer().notNull() },
  (table) => [primaryKey({ columns: [table.institution, table.day, table.region, table.userId] })],
)

/** One breaking of the glass: by one user, for one person, for an hour. */
export const emergency = pgTable(
  'emergency',
  {
    id: text().primaryKey(),
    ...viewer,
    profession: text().$type<Profession>().notNull(),
    post: text().$type<Post>().notNull(),
    personId: text('person_id').notNull(),
    reason: text().notNull(),
    brokenAt: at('broken_at').notNull(),
    /** How often somebody asked during the hour. */
    views: integer().notNull(),
    reportDueAt: at('report_due_at').notNull(),
    reportedAt: at('reported_at'),
    reportedBy: text('reported_by'),
    report: text(),
  },
  (table) => [
    index('emergency_by_user').on(table.region, table.institution, table.userId, table.brokenAt),
    index('emergency_unreported').on(table.reportDueAt).where(sql`${table.reportedAt} is null`),
    check(
      'emergency_report',
      sql`num_nonnulls(${table.reportedAt}, ${table.reportedBy}, ${table.report}) in (0, 3)`,
    ),
  ],
)

export const FINDINGS = ['proper', 'improper', 'unclear'] as const
export type ReviewFinding = (typeof FINDINGS)[number]

/** What a holding council's privacy officer found of it. */
export const emergencyReview = pgTable(
  'emergency_review',
  {
    emergency: text()
      .notNull()
      .references(() => emergency.id),
    holding: text().notNull(),
    /** The holder's own patient id, by which its council knows the person. */
    localId: text('local_id').notNull(),
    dueOn: date('due_on', { mode: 'string' }).notNull(),
    reviewedAt: at('reviewed_at'),
    officer: text(),
    finding: text().$type<ReviewFinding>(),
    note: text(),
  },
  (table) => [
    primaryKey({ columns: [table.emergency, table.holding] }),
    index('emergency_review_open').on(table.holding, table.dueOn).where(sql`${table.reviewedAt} is null`),
    check(
      'emergency_review_whole',
      sql`num_nonnulls(${table.reviewedAt}, ${table.officer}, ${table.finding}, ${table.note}) in (0, 4)`,
    ),
    check('emergency_review_finding', sql`${table.finding} in ('proper', 'improper', 'unclear')`),
  ],
)
