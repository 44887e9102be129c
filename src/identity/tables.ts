import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import { isBytes32 } from '../kernel/base64url.ts'
import type { Explanation } from './explain-link.ts'
import type { LinkRule, LinkVeto } from './linkage/index.ts'
import type { Features } from './normalise/index.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })
const patient = { region: text().notNull(), localId: text('local_id').notNull() }

export const registration = pgTable(
  'registration',
  {
    ...patient,
    version: integer().notNull(),
    source: text().notNull(),
    /** As text: a database of JSON takes it apart when it is written, and puts it together for whoever reads it. */
    features: json().$type<Features>().notNull(),
    norm: integer().notNull(),
    /** Of the features, for searching. */
    familyKana: text('family_kana'),
    givenKana: text('given_kana'),
    familyKanji: text('family_kanji'),
    givenKanji: text('given_kanji'),
    birthDate: text('birth_date'),
    sex: text(),
    isActive: boolean('is_active').notNull(),
    isProtected: boolean('is_protected').notNull(),
    replacedBy: text('replaced_by'),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.localId] }),
    check('registration_version', sql`${table.version} >= 1`),
    check('registration_sex', sql`${table.sex} in ('male', 'female', 'other', 'unknown')`),
    check('registration_birth_date', sql`${table.birthDate} ~ '^\\d{4}(-\\d\\d(-\\d\\d)?)?$'`),
    check(
      'registration_replaced',
      sql`${table.replacedBy} is null or (not ${table.isActive} and ${table.replacedBy} <> ${table.localId})`,
    ),
    index('registration_by_birth_date').on(table.region, table.birthDate),
    index('registration_by_kana').on(
      table.region,
      table.familyKana.op('text_pattern_ops'),
      table.givenKana.op('text_pattern_ops'),
    ),
    index('registration_by_kanji').on(
      table.region,
      table.familyKanji.op('text_pattern_ops'),
      table.givenKanji.op('text_pattern_ops'),
    ),
  ],
)

/** Whoever shares a key is worth comparing; nothing else is compared. */
export const registrationKey = pgTable(
  'registration_key',
  { key: bigint({ mode: 'bigint' }).notNull(), ...patient },
  (table) => [primaryKey({ columns: [table.key, table.region, table.localId] })],
)

export const person = pgTable(
  'person',
  { id: text().primaryKey(), createdAt: at('created_at').notNull() },
  // Not as one expression with `{22}`: PostgreSQL takes fifteen times as long for it.
  (table) => [check('person_id', sql`octet_length(${table.id}) = 22 and ${table.id} !~ '[^A-Za-z0-9_-]'`)],
)

/** Narrow and apart from the registration, so that linking anew rewrites nothing wide. */
export const link = pgTable(
  'link',
  {
    ...patient,
    person: text().notNull(),
    rule: text().$type<LinkRule>(),
    decidedAt: at('decided_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.localId] }),
    index('link_by_person').on(table.person),
    check('link_rule', sql`${table.rule} in ('manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'S')`),
  ],
)

/** What was decided, when and why; rows never change. */
export const linkEvent = pgTable(
  'link_event',
  {
    id: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    ...patient,
    before: text(),
    after: text(),
    rule: text().$type<LinkRule>(),
    explanation: json().$type<Explanation>().notNull(),
    at: at('at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.localId, table.id] }),
    check('link_event_says_something', sql`num_nonnulls(${table.before}, ${table.after}) > 0`),
  ],
)

export const possibleLink = pgTable(
  'possible_link',
  {
    regionA: text('region_a').notNull(),
    localIdA: text('local_id_a').notNull(),
    regionB: text('region_b').notNull(),
    localIdB: text('local_id_b').notNull(),
    /** Null where the score is high and no rule holds. */
    rule: text().$type<LinkRule>(),
    vetoes: text().array().$type<LinkVeto[]>().notNull(),
    explanation: jsonb().$type<Explanation>().notNull(),
    /** The end in whose item of the review queue the pair stands: the one that changed when it came to wait. */
    item: text().$type<'a' | 'b'>().notNull(),
    since: at('since').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.regionA, table.localIdA, table.regionB, table.localIdB] }),
    index('possible_link_by_b').on(table.regionB, table.localIdB),
    check(
      'possible_link_ordered',
      sql`(${table.regionA} collate "C", ${table.localIdA} collate "C") < (${table.regionB} collate "C", ${table.localIdB} collate "C")`,
    ),
    check('possible_link_rule', sql`${table.rule} in ('manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'S')`),
    check('possible_link_item', sql`${table.item} in ('a', 'b')`),
    check('possible_link_doubted', sql`cardinality(${table.vetoes}) > 0`),
  ],
)

export const handle = pgTable(
  'handle',
  {
    digest: text().primaryKey(),
    person: text().notNull(),
    region: text().notNull(),
    institution: text().notNull(),
    /** How the asker had described the person; the strictest where it was issued before this was kept. */
    named: text().$type<'with-insured-number' | 'name-alone'>().notNull().default('name-alone'),
    isExact: boolean('is_exact').notNull().default(false),
    issuedAt: at('issued_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [
    index('handle_by_person').on(table.person),
    check('handle_digest', isBytes32(table.digest)),
    check('handle_named', sql`${table.named} in ('with-insured-number', 'name-alone')`),
    check('handle_period', sql`${table.expiresAt} > ${table.issuedAt}`),
  ],
)
