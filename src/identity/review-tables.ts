import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'

const at = (name: string) => timestamp(name, { withTimezone: true })
const patient = { region: text().notNull(), localId: text('local_id').notNull() }
const pair = {
  regionA: text('region_a').notNull(),
  localIdA: text('local_id_a').notNull(),
  regionB: text('region_b').notNull(),
  localIdB: text('local_id_b').notNull(),
}

export type Declared = 'same' | 'different'
export type DecisionVerb = 'merge' | 'split' | 'move' | 'undo'

/** What people decided about links; rows never change, and replayed in order they give `declared_pair`. */
export const linkDecision = pgTable(
  'link_decision',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    verb: text().$type<DecisionVerb>().notNull(),
    region: text().notNull(),
    clerk: text().notNull(),
    secondRegion: text('second_region'),
    secondClerk: text('second_clerk'),
    reason: text().notNull(),
    undoes: bigint({ mode: 'number' }),
    at: at('at').notNull(),
  },
  (table) => [
    check('link_decision_verb', sql`${table.verb} in ('merge', 'split', 'move', 'undo')`),
    check('link_decision_undo', sql`(${table.verb} = 'undo') = (${table.undoes} is not null)`),
    check('link_decision_second', sql`num_nonnulls(${table.secondRegion}, ${table.secondClerk}) <> 1`),
  ],
)

/** What a decision says of two registrations, and what held of them before it. */
export const linkDecisionPair = pgTable(
  'link_decision_pair',
  {
    decision: bigint({ mode: 'number' }).notNull(),
    ...pair,
    before: text().$type<Declared>(),
    after: text().$type<Declared>(),
  },
  (table) => [
    primaryKey({
      name: 'link_decision_pair_pk',
      columns: [table.decision, table.regionA, table.localIdA, table.regionB, table.localIdB],
    }),
    foreignKey({
      name: 'link_decision_pair_of_decision',
      columns: [table.decision],
      foreignColumns: [linkDecision.id],
    }),
    check('link_decision_pair_says', sql`${table.after} is null or ${table.after} in ('same', 'different')`),
  ],
)

/** An undo that takes two, which one clerk asked for. */
export const undoProposal = pgTable(
  'undo_proposal',
  {
    decision: bigint({ mode: 'number' }).primaryKey(),
    region: text().notNull(),
    clerk: text().notNull(),
    reason: text().notNull(),
    at: at('at').notNull(),
  },
  (table) => [
    foreignKey({
      name: 'undo_proposal_of_decision',
      columns: [table.decision],
      foreignColumns: [linkDecision.id],
    }),
  ],
)

/** What holds of two registrations by people's decisions; no row where nothing was ever decided. */
export const declaredPair = pgTable(
  'declared_pair',
  {
    ...pair,
    declared: text().$type<Declared>(),
    decision: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.regionA, table.localIdA, table.regionB, table.localIdB] }),
    index('declared_pair_by_b').on(table.regionB, table.localIdB),
    check(
      'declared_pair_ordered',
      sql`(${table.regionA} collate "C", ${table.localIdA} collate "C") < (${table.regionB} collate "C", ${table.localIdB} collate "C")`,
    ),
    check('declared_pair_says', sql`${table.declared} in ('same', 'different')`),
  ],
)

/** What is proposed for an item and waits for a second person. */
export interface ProposedSettlement {
  candidates: string[]
  reason: string
  basis: string
  by: { region: string; clerk: string }
}

/** What is known of an item of the queue beside its pairs; there may be none, and the item is there all the same. */
export const reviewItem = pgTable(
  'review_item',
  {
    ...patient,
    /** How often somebody needed the answer: consents recorded, queries about the person. */
    consents: integer().notNull().default(0),
    queries: integer().notNull().default(0),
    state: text().$type<'open' | 'unsure' | 'asked' | 'second'>().notNull().default('open'),
    claimedRegion: text('claimed_region'),
    claimedClerk: text('claimed_clerk'),
    claimedUntil: at('claimed_until'),
    proposed: jsonb().$type<ProposedSettlement>(),
    changedAt: at('changed_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.localId] }),
    check('review_item_state', sql`${table.state} in ('open', 'unsure', 'asked', 'second')`),
    check(
      'review_item_claim',
      sql`num_nonnulls(${table.claimedRegion}, ${table.claimedClerk}, ${table.claimedUntil}) in (0, 3)`,
    ),
    check('review_item_proposed', sql`(${table.state} = 'second') = (${table.proposed} is not null)`),
  ],
)

/** Changes of registrations a region has fed, by hour; several rows an hour, so that feeds do not wait for each other. */
export const feedChange = pgTable(
  'feed_change',
  {
    region: text().notNull(),
    hour: at('hour').notNull(),
    stripe: smallint().notNull(),
    changes: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.region, table.hour, table.stripe] })],
)

/** How many changes more than usual an operator lets a region make until then. */
export const feedAllowance = pgTable(
  'feed_allowance',
  {
    region: text().notNull(),
    at: at('at').notNull(),
    until: at('until').notNull(),
    changes: integer().notNull(),
    reason: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.at] }),
    check('feed_allowance_period', sql`${table.until} > ${table.at}`),
    check('feed_allowance_changes', sql`${table.changes} > 0`),
  ],
)
