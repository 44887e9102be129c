import { sql } from 'drizzle-orm'
import type { Database } from '../../kernel/database.ts'
import { openDemoDatabase } from '../databases.ts'
import type { Demo } from '../start-demo.ts'

/** The hub's database, as its operator sees it: to count, and to do what a dishonest operator could. */
export async function withHubDatabase<T>(demo: Demo, work: (db: Database) => Promise<T>): Promise<T> {
  await using database = await openDemoDatabase(demo.config, 'hub')
  return await work(database.db)
}

/** One number by SQL. */
export async function count(db: Database, query: ReturnType<typeof sql>): Promise<number> {
  const [row] = await db.execute<{ n: string }>(query)
  return Number(row?.n ?? 0)
}

/** How many entries of a kind the log holds. */
export function countEntries(db: Database, kind: string): Promise<number> {
  return count(db, sql`select count(*) as n from audit_entry where kind = ${kind}`)
}
