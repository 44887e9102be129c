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

/** As `nothingIsKept`, but that each attempt is on record, and its request used up. */
export function onlyAttemptsAreKept(db: () => Database): void {
  const RECORD = /^(audit_|replay$)/
  const others = async () =>
    Object.fromEntries(Object.entries(await rowCounts(db())).filter(([name]) => !RECORD.test(name)))
  let before: Record<string, number>
  beforeAll(async () => {
    before = await others()
  })
  afterAll(async () => {
    expect(await others()).toEqual(before)
    const [row] = await db().execute<{ refused: number }>(
      sql`select count(*)::int as refused from audit_entry where kind = 'query.refused'`,
    )
    expect(row?.refused).toBeGreaterThan(0)
  })
}
