import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import type { PublicJwk } from '../trust/index.ts'
import type { InstitutionKind, Item, Policy, Stage } from '../vocabulary/index.ts'

const at = (name?: string) =>
  name ? timestamp(name, { withTimezone: true }) : timestamp({ withTimezone: true })

export const region = pgTable('region', {
  id: text().primaryKey(),
  name: text().notNull(),
  patientSystem: text('patient_system').notNull().unique(),
  stage: text().$type<Stage>().notNull(),
  gatewayUrl: text('gateway_url'),
  certificateThumbprint: text('certificate_thumbprint'),
  addedAt: at('added_at').notNull(),
})

export const regionKey = pgTable(
  'region_key',
  {
    thumbprint: text().primaryKey(),
    region: text()
      .notNull()
      .references(() => region.id),
    jwk: jsonb().$type<PublicJwk>().notNull(),
    validFrom: at('valid_from').notNull(),
    validUntil: at('valid_until'),
    isEnded: boolean('is_ended').notNull().default(false),
    successorToken: text('successor_token'),
  },
  (table) => [index('region_key_by_region').on(table.region)],
)

export const agreement = pgTable(
  'agreement',
  {
    asking: text()
      .notNull()
      .references(() => region.id),
    holding: text()
      .notNull()
      .references(() => region.id),
    items: text().array().$type<Item[]>().notNull(),
    /** Whether index clerks of the asking region see the values of the holding one when they settle a match. */
    clerksSeeValues: boolean('clerks_see_values').notNull().default(false),
    validFrom: at('valid_from').notNull(),
    validUntil: at('valid_until'),
    isEnded: boolean('is_ended').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.asking, table.holding, table.validFrom] })],
)

export const institution = pgTable('institution', {
  number: text().primaryKey(),
  name: text().notNull(),
  kind: text().$type<InstitutionKind>().notNull(),
})

export const membership = pgTable(
  'membership',
  {
    institution: text()
      .notNull()
      .references(() => institution.number),
    region: text()
      .notNull()
      .references(() => region.id),
    validFrom: at('valid_from').notNull(),
    validUntil: at('valid_until'),
    isEnded: boolean('is_ended').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.institution, table.region, table.validFrom] })],
)

export const policy = pgTable(
  'policy',
  {
    region: text()
      .notNull()
      .references(() => region.id),
    version: integer().notNull(),
    effectiveFrom: at('effective_from').notNull(),
    document: jsonb().$type<Policy>().notNull(),
    /** The document to the letter, and the request in which the region signed it: together they prove it to anybody. */
    text: text(),
    request: text(),
    recordedAt: at('recorded_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.version] }),
    check('policy_proof', sql`num_nonnulls(${table.text}, ${table.request}) in (0, 2)`),
  ],
)

export const directory = pgTable('directory', {
  version: integer().primaryKey(),
  contentHash: text('content_hash').notNull(),
  publishedAt: at('published_at').notNull(),
})

/** Raised by every change that a decision rests on; a release locks its rows shared and compares. */
export const epoch = pgTable(
  'epoch',
  {
    kind: text().$type<'person' | 'region' | 'institution' | 'registry'>().notNull(),
    key: text().notNull(),
    value: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.key] })],
)
