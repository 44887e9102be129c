import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect } from 'vitest'
import type { Database } from '../../src/kernel/database.ts'

/** How many rows every table holds: what is refused may leave none behind. */
export async function rowCounts(db: Database): Promise<Record<string, number>> {
  const tables = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`)
  const counts = tables.map(
    ({ name }) => sql`select ${name}::text as name, count(*)::int as rows from ${sql.identifier(name)}`,
  )
  const rows = await db.execute<{ name: string; rows: number }>(sql.join(counts, sql` union all `))
  return Object.fromEntries(rows.map(({ name, rows }) => [name, rows]))
}

/** Around the tests of a describe: whatever they sent, no table gained or lost a row. */
export function nothingIsKept(db: () => Database): void {
  let before: Record<string, number>
  beforeAll(async () => {
    before = await rowCounts(db())
  })
  afterAll(async () => {
    expect(await rowCounts(db())).toEqual(before)
  })
}
