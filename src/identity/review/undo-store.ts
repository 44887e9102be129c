import { and, eq, gt, inArray } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../kernel/database.ts'
import { undoProposal } from '../review-tables.ts'
import type { Clerk } from './decide-persons.ts'

/** Who asked, after `since`, for an undo that waits for a second clerk. */
export async function findUndoProposal(
  tx: Transaction,
  decision: number,
  since: Date,
): Promise<{ by: Clerk; reason: string } | undefined> {
  const [row] = await tx
    .select()
    .from(undoProposal)
    .where(and(eq(undoProposal.decision, decision), gt(undoProposal.at, since)))
    .for('update')
  return row && { by: { region: row.region, clerk: row.clerk }, reason: row.reason }
}

export async function putUndoProposal(
  tx: Transaction,
  decision: number,
  { by, reason, at }: { by: Clerk; reason: string; at: Date },
): Promise<void> {
  const row = { ...by, reason, at }
  await tx
    .insert(undoProposal)
    .values({ decision, ...row })
    .onConflictDoUpdate({ target: undoProposal.decision, set: row })
}

export async function endUndoProposal(tx: Transaction, decision: number): Promise<void> {
  await tx.delete(undoProposal).where(eq(undoProposal.decision, decision))
}

/** Which of these decisions somebody wants undone. */
export async function findUndoProposals(
  db: Queryable,
  decisions: readonly number[],
  since: Date,
): Promise<number[]> {
  if (decisions.length === 0) return []
  const rows = await db
    .select({ decision: undoProposal.decision })
    .from(undoProposal)
    .where(and(inArray(undoProposal.decision, [...decisions]), gt(undoProposal.at, since)))
  return rows.map(({ decision }) => decision)
}
