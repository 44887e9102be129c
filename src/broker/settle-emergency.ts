import { z } from 'zod'
import { recordAudit } from '../audit/index.ts'
import { type Caller, readJson } from '../http/index.ts'
import { BYTES_32 } from '../kernel/base64url.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { keepReport, keepReview, listEmergencies } from './emergency-store.ts'
import { FINDINGS } from './tables.ts'

const id = z.string().regex(BYTES_32)
const words = z.string().trim().min(10).max(2_000)
const name = z.string().trim().min(1).max(200)

/** What the user owes within 24 hours: what was done and why it was needed. */
const reportSchema = z.strictObject({ emergency: id, by: name, report: words })

/** What a holding council's privacy officer owes within five working days. */
const reviewSchema = z.strictObject({ emergency: id, officer: name, finding: z.enum(FINDINGS), note: words })

export async function reportEmergency(
  tx: Transaction,
  caller: Caller,
  body: string,
  at: Date,
): Promise<void> {
  const read = reportSchema.safeParse(readJson(body))
  if (!read.success) throw refuse('resource-invalid', { at: 'report' })
  const { emergency, by, report } = read.data
  const kept = await keepReport(
    tx,
    { id: emergency, region: caller.region },
    { reportedAt: at, reportedBy: by, report },
  )
  if (!kept) throw refuse('emergency-unknown')
  const detail = { emergency, region: caller.region, by, report }
  await recordAudit(tx, { kind: 'emergency.reported', at, detail })
}

export async function reviewEmergency(
  tx: Transaction,
  caller: Caller,
  body: string,
  at: Date,
): Promise<void> {
  const read = reviewSchema.safeParse(readJson(body))
  if (!read.success) throw refuse('resource-invalid', { at: 'review' })
  const { emergency, officer, finding, note } = read.data
  const kept = await keepReview(
    tx,
    { id: emergency, holding: caller.region },
    { reviewedAt: at, officer, finding, note },
  )
  if (!kept) throw refuse('emergency-unknown')
  const detail = { emergency, region: caller.region, officer, finding, note }
  await recordAudit(tx, { kind: 'emergency.reviewed', at, detail })
}

/** What the caller's own users did and owe, and what its council has to review. A holder reads its own patient id only. */
export async function emergenciesOf(db: Queryable, caller: Caller) {
  const rows = await listEmergencies(db, caller.region)
  return rows.map(({ emergency, review }) => ({
    emergency: emergency.id,
    region: emergency.region,
    institution: emergency.institution,
    user: emergency.userId,
    profession: emergency.profession,
    post: emergency.post,
    reason: emergency.reason,
    brokenAt: emergency.brokenAt.toISOString(),
    views: emergency.views,
    reportDueAt: emergency.reportDueAt.toISOString(),
    reportedAt: emergency.reportedAt?.toISOString() ?? null,
    report: emergency.report,
    review: review && {
      patient: review.localId,
      dueOn: review.dueOn,
      reviewedAt: review.reviewedAt?.toISOString() ?? null,
      officer: review.officer,
      finding: review.finding,
      note: review.note,
    },
  }))
}
