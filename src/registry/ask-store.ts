import { type SQL, sql } from 'drizzle-orm'
import { type AuditEntry, recordingAudit } from '../audit/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { consumingOnce, type RequestClaims } from '../trust/index.ts'

/**
 * The rows of a question, its entry in the log and the use of its request in one statement, so that they stand or fall
 * together without a transaction around them; undefined where the request was used before, and nothing is written.
 */
export async function askUsingUp<Row>(
  db: Queryable,
  claims: RequestClaims,
  question: SQL,
  entry: AuditEntry,
): Promise<Row[] | undefined> {
  const [asked] = await db.execute<{ isFirst: boolean; rows: Row[] | null }>(sql`
    with used as (${consumingOnce('tsunagi-request+jwt', claims)}),
    ${recordingAudit(entry, sql`exists (select from used)`)}
    select exists (select from used) as "isFirst", (select json_agg(found) from (${question}) found) as rows`)
  return asked?.isFirst === true ? (asked.rows ?? []) : undefined
}
