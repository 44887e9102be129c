import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

const at = (name: string) => timestamp(name, { withTimezone: true })

/** Messages written in the transaction that they tell of; each is sent at least once. */
export const outbox = pgTable(
  'outbox',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    topic: text().notNull(),
    destination: text().notNull(),
    subject: text().notNull(),
    body: text().notNull(),
    createdAt: at('created_at').notNull(),
    attempts: integer().notNull().default(0),
    dueAt: at('due_at').notNull(),
    deliveredAt: at('delivered_at'),
  },
  (table) => [
    index('outbox_due').on(table.topic, table.dueAt).where(sql`${table.deliveredAt} is null`),
    index('outbox_in_order')
      .on(table.topic, table.destination, table.subject, table.id)
      .where(sql`${table.deliveredAt} is null`),
  ],
)
