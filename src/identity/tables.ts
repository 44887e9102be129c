import {
  bigint,
  boolean,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { region } from '../registry/tables.ts'
import type { Features } from './encode-registration.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })
const id = () => bigint({ mode: 'number' })

export const registration = pgTable(
  'registration',
  {
    id: id().primaryKey().generatedAlwaysAsIdentity(),
    region: text()
      .notNull()
      .references(() => region.id),
    localId: text('local_id').notNull(),
    source: text().notNull(),
    features: jsonb().$type<Features>().notNull(),
    birthDate: text('birth_date'),
    sex: text(),
    household: text(),
    nameKanji: text('name_kanji'),
    nameKana: text('name_kana'),
    isProtected: boolean('is_protected').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('registration_once').on(table.region, table.localId),
    index('registration_by_household').on(table.birthDate, table.household),
    index('registration_by_kanji').on(table.birthDate, table.nameKanji),
    index('registration_by_kana').on(table.birthDate, table.nameKana),
  ],
)

export const person = pgTable('person', {
  id: text().primaryKey(),
  createdAt: at('created_at').notNull(),
})

/** Narrow and apart from the registration, so that linking anew rewrites nothing wide. */
export const link = pgTable(
  'link',
  {
    registration: id()
      .primaryKey()
      .references(() => registration.id, { onDelete: 'cascade' }),
    person: text()
      .notNull()
      .references(() => person.id),
    rule: text().$type<'A1' | 'A3' | 'alone'>().notNull(),
    explanation: jsonb().notNull(),
    decidedAt: at('decided_at').notNull(),
  },
  (table) => [index('link_by_person').on(table.person)],
)

export const linkEvent = pgTable('link_event', {
  id: id().primaryKey().generatedAlwaysAsIdentity(),
  registration: id().notNull(),
  before: text(),
  after: text(),
  rule: text().notNull(),
  explanation: jsonb().notNull(),
  at: at('at').notNull(),
})

/** Pairs that wait for a person. Nothing in here is linked meanwhile. */
export const possibleLink = pgTable(
  'possible_link',
  {
    a: id()
      .notNull()
      .references(() => registration.id, { onDelete: 'cascade' }),
    b: id()
      .notNull()
      .references(() => registration.id, { onDelete: 'cascade' }),
    reasons: text().array().notNull(),
    since: at('since').notNull(),
  },
  (table) => [primaryKey({ columns: [table.a, table.b] }), index('possible_link_by_b').on(table.b)],
)

export const handle = pgTable('handle', {
  hash: text().primaryKey(),
  person: text()
    .notNull()
    .references(() => person.id),
  region: text()
    .notNull()
    .references(() => region.id),
  institution: text().notNull(),
  issuedAt: at('issued_at').notNull(),
  expiresAt: at('expires_at').notNull(),
})
