import { eq } from 'drizzle-orm'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import type { Database } from '../../src/kernel/database.ts'

/** What is on record of a kind, in its order. */
export async function auditedDetails(db: Database, kind: string): Promise<unknown[]> {
  const rows = await db
    .select({ detail: auditDetail.detail })
    .from(auditEntry)
    .innerJoin(auditDetail, eq(auditDetail.entry, auditEntry.number))
    .where(eq(auditEntry.kind, kind))
    .orderBy(auditEntry.number)
  return rows.map(({ detail }) => JSON.parse(detail))
}
