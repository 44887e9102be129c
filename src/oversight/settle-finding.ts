import { z } from 'zod'
import { recordAudit } from '../audit/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { keepOutcome } from './store.ts'
import { OUTCOMES } from './tables.ts'

export const settlementSchema = z.strictObject({
  finding: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  by: z.string().trim().min(1).max(200),
  outcome: z.enum(OUTCOMES),
  /** What was done: with whom it was spoken, what training or measure follows. */
  followUp: z.string().trim().min(10).max(2_000),
})
export type Settlement = z.infer<typeof settlementSchema>

/** Puts on record what came of a finding. A region settles its own only; undefined is the operator's command. */
export async function settleFinding(
  tx: Transaction,
  region: string | undefined,
  settlement: Settlement,
  at: Date,
): Promise<void> {
  const { finding, by, outcome, followUp } = settlement
  const kept = await keepOutcome(
    tx,
    { id: finding, region },
    { settledAt: at, settledBy: by, outcome, followUp },
  )
  if (!kept) throw refuse('finding-unknown')
  const detail = { finding, region: region ?? null, by, outcome, followUp }
  await recordAudit(tx, { kind: 'finding.settled', at, detail })
}
