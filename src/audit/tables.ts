import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  customType,
  index,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

const count = () => bigint({ mode: 'number' })
const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** What stays for ever. Append-only by trigger. */
export const auditEntry = pgTable(
  'audit_entry',
  {
    number: count().primaryKey().generatedAlwaysAsIdentity(),
    id: text().notNull(),
    kind: text().notNull(),
    recordedAt: instant('recorded_at').notNull(),
    digest: bytea().notNull(),
  },
  (table) => [
    check('audit_entry_id', sql`${table.id} ~ '^[A-Za-z0-9_-]{22}$'`),
    check('audit_entry_kind', sql`${table.kind} ~ '^[a-z]+\\.[a-z-]+$'`),
    check('audit_entry_digest', sql`length(${table.digest}) = 32`),
    // Entries come nearly in the order of time: a few pages say in which part of the log a day lies.
    index('audit_entry_by_time').using('brin', table.recordedAt),
  ],
)

/** What may be erased one day; that will be an entry too. */
export const auditDetail = pgTable(
  'audit_detail',
  {
    entry: count().primaryKey(),
    salt: bytea().notNull(),
    detail: text().notNull(),
  },
  (table) => [
    check('audit_detail_salt', sql`length(${table.salt}) = 32`),
    check('audit_detail_size', sql`octet_length(${table.detail}) <= 65536`),
  ],
)

/** What an entry is found by again. Nothing of it is in the tree. */
export const auditAbout = pgTable(
  'audit_about',
  { key: text().notNull(), entry: count().notNull() },
  (table) => [
    primaryKey({ columns: [table.key, table.entry] }),
    check('audit_about_key', sql`${table.key} ~ '^[a-z]+:'`),
  ],
)

/** What waits for the sealer: written with the entry, gone when its leaf is in the tree. */
export const auditUnsealed = pgTable('audit_unsealed', {
  entry: count().primaryKey(),
  leafHash: bytea('leaf_hash').notNull(),
})

export const auditLeaf = pgTable(
  'audit_leaf',
  {
    index: count().primaryKey(),
    entry: count().notNull(),
    leafHash: bytea('leaf_hash').notNull(),
  },
  (table) => [
    unique('audit_leaf_once').on(table.entry),
    unique('audit_leaf_hash').on(table.leafHash),
    check('audit_leaf_index', sql`${table.index} >= 0`),
  ],
)

/** Full nodes above the leaves: with them a proof needs a few rows, however long the log. */
export const auditNode = pgTable(
  'audit_node',
  {
    level: smallint().notNull(),
    index: count().notNull(),
    hash: bytea().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.level, table.index] }),
    check('audit_node_place', sql`${table.level} > 0 and ${table.index} >= 0`),
  ],
)

export const auditCheckpoint = pgTable('audit_checkpoint', {
  size: count().primaryKey(),
  root: bytea().notNull(),
  note: text().notNull(),
  sealedAt: instant('sealed_at').notNull(),
  fence: count().notNull(),
})

/** Who may seal: one row. */
export const auditFence = pgTable(
  'audit_fence',
  {
    log: text().primaryKey(),
    fence: count().notNull(),
    holder: text().notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [check('audit_fence_one', sql`${table.log} = 'audit'`)],
)
