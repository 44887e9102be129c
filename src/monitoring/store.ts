import { lte, sql } from 'drizzle-orm'
import type { Queryable } from '../kernel/database.ts'
import { sourceReport } from './tables.ts'

export type SourceReport = typeof sourceReport.$inferInsert

/** Keeps the newest report of each region, whichever process wrote it. */
export async function keepReports(db: Queryable, reports: readonly SourceReport[]): Promise<void> {
  await db
    .insert(sourceReport)
    .values([...reports])
    .onConflictDoUpdate({
      target: sourceReport.region,
      set: {
        state: sql`excluded.state`,
        at: sql`excluded.at`,
        elapsedMs: sql`excluded.elapsed_ms`,
        answeredAt: sql`coalesce(excluded.answered_at, ${sourceReport.answeredAt})`,
      },
      setWhere: lte(sourceReport.at, sql`excluded.at`),
    })
}

export function listReports(db: Queryable) {
  return db.select().from(sourceReport)
}
