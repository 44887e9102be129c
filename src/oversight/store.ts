import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { finding } from './tables.ts'

export type FindingRow = typeof finding.$inferSelect
type NewFinding = Omit<FindingRow, 'settledAt' | 'settledBy' | 'outcome' | 'followUp'>

const LISTED_MAX = 1_000

/** Adds what is new; of what was found before only a higher score counts, and what is settled stays so. */
export async function putFinding(tx: Transaction, row: NewFinding): Promise<boolean> {
  const put = await tx
    .insert(finding)
    .values(row)
    .onConflictDoUpdate({
      target: [finding.rule, finding.day, finding.region, finding.institution, finding.userId],
      set: { score: row.score, evidence: row.evidence },
      setWhere: and(isNull(finding.settledAt), sql`${finding.score} < ${row.score}`),
    })
    .returning({ id: finding.id })
  return put.length === 1
}

/** The worklist: what is open first, then by score. */
export async function listFindings(
  db: Queryable,
  of: { region?: string | undefined; isOpenOnly: boolean },
): Promise<FindingRow[]> {
  return db
    .select()
    .from(finding)
    .where(
      and(
        of.region === undefined ? undefined : eq(finding.region, of.region),
        of.isOpenOnly ? isNull(finding.settledAt) : undefined,
      ),
    )
    .orderBy(sql`${finding.settledAt} is not null`, desc(finding.score), desc(finding.day), finding.id)
    .limit(LISTED_MAX)
}

/** False when there is no such finding of the region that is still open. */
export async function keepOutcome(
  tx: Transaction,
  of: { id: string; region: string | undefined },
  settled: {
    settledAt: Date
    settledBy: string
    outcome: NonNullable<FindingRow['outcome']>
    followUp: string
  },
): Promise<boolean> {
  const kept = await tx
    .update(finding)
    .set(settled)
    .where(
      and(
        eq(finding.id, of.id),
        of.region === undefined ? undefined : eq(finding.region, of.region),
        isNull(finding.settledAt),
      ),
    )
    .returning({ id: finding.id })
  return kept.length === 1
}
