import { getTableName, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { databaseRefusal, type Transaction } from '../../kernel/database.ts'

/** An index as the catalog describes it, and the constraint that it stands for. */
interface Index {
  table: string
  name: string
  definition: string
  /** `p` for a primary key, `u` for a unique constraint; null for an index alone. */
  constraint: 'p' | 'u' | null
}

/**
 * Runs what writes most rows of the tables, and makes their indexes afterwards: that sorts all at once, where each row
 * would be looked up for its place. The tables are nobody else's until the transaction ends; where somebody uses one
 * just now, their indexes stay, since to wait for one who waits for this transaction would end either.
 */
export async function withIndexesMadeAfter(
  tx: Transaction,
  tables: readonly PgTable[],
  write: () => Promise<void>,
): Promise<void> {
  const names = tables.map(getTableName)
  if (!(await isAllOurs(tx, names))) return write()
  const indexes = await listIndexes(tx, names)
  for (const index of indexes) await dropIndex(tx, index)
  await write()
  await tx.execute(sql`select set_config('maintenance_work_mem', '256MB', true)`)
  for (const index of indexes) await makeIndex(tx, index)
}

async function isAllOurs(tx: Transaction, tables: readonly string[]): Promise<boolean> {
  const all = sql.join(tables.map(sql.identifier), sql`, `)
  try {
    await tx.transaction((nested) => nested.execute(sql`lock table ${all} in access exclusive mode nowait`))
    return true
  } catch (error) {
    if (databaseRefusal(error) === undefined) throw error
    return false
  }
}

/** Without those that another table's foreign key stands on. */
async function listIndexes(tx: Transaction, tables: readonly string[]): Promise<Index[]> {
  return tx.execute<Index & Record<string, unknown>>(sql`
    select indrelid::regclass::text as "table", relname as "name", pg_get_indexdef(indexrelid) as "definition",
           contype as "constraint"
      from pg_index join pg_class on pg_class.oid = indexrelid
      left join pg_constraint on conindid = indexrelid and contype in ('p', 'u')
     where indrelid = any(${sql.param(tables)}::regclass[])
       and not exists (select from pg_constraint where conindid = indexrelid and contype = 'f')
     order by relname`)
}

async function dropIndex(tx: Transaction, { table, name, constraint }: Index): Promise<void> {
  const id = sql.identifier(name)
  await tx.execute(
    constraint === null
      ? sql`drop index ${id}`
      : sql`alter table ${sql.identifier(table)} drop constraint ${id}`,
  )
}

async function makeIndex(tx: Transaction, { table, name, definition, constraint }: Index): Promise<void> {
  await tx.execute(sql.raw(definition))
  if (constraint === null) return
  const kind = constraint === 'p' ? sql`primary key` : sql`unique`
  const id = sql.identifier(name)
  await tx.execute(sql`alter table ${sql.identifier(table)} add constraint ${id} ${kind} using index ${id}`)
}
