import { and, eq, gt, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { emergency, emergencyReview } from './tables.ts'

export type EmergencyRow = typeof emergency.$inferSelect
export type ReviewRow = typeof emergencyReview.$inferSelect

/** Adds the emergency, or counts another view of it; says whether it is new. */
export async function putEmergency(
  tx: Transaction,
  row: Omit<EmergencyRow, 'reportedAt' | 'reportedBy' | 'report' | 'views'>,
): Promise<boolean> {
  const [put] = await tx
    .insert(emergency)
    .values({ ...row, views: 1 })
    .onConflictDoUpdate({ target: emergency.id, set: { views: sql`${emergency.views} + 1` } })
    .returning({ views: emergency.views })
  return put?.views === 1
}

/** Gives the holders for which it is new. */
export async function putReviews(
  tx: Transaction,
  rows: readonly Pick<ReviewRow, 'emergency' | 'holding' | 'localId' | 'dueOn'>[],
): Promise<string[]> {
  if (rows.length === 0) return []
  const put = await tx
    .insert(emergencyReview)
    .values([...rows])
    .onConflictDoNothing()
    .returning({ holding: emergencyReview.holding })
  return put.map(({ holding }) => holding)
}

export async function countEmergencies(
  db: Queryable,
  of: { region: string; institution: string; userId: string; since: Date },
): Promise<number> {
  return db.$count(
    emergency,
    and(
      eq(emergency.region, of.region),
      eq(emergency.institution, of.institution),
      eq(emergency.userId, of.userId),
      gt(emergency.brokenAt, of.since),
    ),
  )
}

/** False when there is no such emergency of the region that still wants its report. */
export async function keepReport(
  tx: Transaction,
  of: { id: string; region: string },
  report: { reportedAt: Date; reportedBy: string; report: string },
): Promise<boolean> {
  const kept = await tx
    .update(emergency)
    .set(report)
    .where(
      and(eq(emergency.id, of.id), eq(emergency.region, of.region), sql`${emergency.reportedAt} is null`),
    )
    .returning({ id: emergency.id })
  return kept.length === 1
}

/** False when the holder has no such emergency that still wants its review. */
export async function keepReview(
  tx: Transaction,
  of: { id: string; holding: string },
  review: { reviewedAt: Date; officer: string; finding: NonNullable<ReviewRow['finding']>; note: string },
): Promise<boolean> {
  const kept = await tx
    .update(emergencyReview)
    .set(review)
    .where(
      and(
        eq(emergencyReview.emergency, of.id),
        eq(emergencyReview.holding, of.holding),
        sql`${emergencyReview.reviewedAt} is null`,
      ),
    )
    .returning({ emergency: emergencyReview.emergency })
  return kept.length === 1
}

const LISTED_MAX = 500

/** Those that a region made or has to review, newest first. */
export async function listEmergencies(
  db: Queryable,
  region: string,
): Promise<{ emergency: EmergencyRow; review: ReviewRow | null }[]> {
  return db
    .select({ emergency, review: emergencyReview })
    .from(emergency)
    .leftJoin(
      emergencyReview,
      and(eq(emergencyReview.emergency, emergency.id), eq(emergencyReview.holding, region)),
    )
    .where(sql`${emergency.region} = ${region} or ${emergencyReview.holding} is not null`)
    .orderBy(sql`${emergency.brokenAt} desc`, emergency.id)
    .limit(LISTED_MAX)
}

/** Reports and reviews that are owed and late. */
export async function countOverdue(
  db: Queryable,
  at: Date,
  today: string,
): Promise<{ reports: number; reviews: number }> {
  const [reports, reviews] = [
    await db.$count(
      emergency,
      sql`${emergency.reportedAt} is null and ${emergency.reportDueAt} < ${at.toISOString()}::timestamptz`,
    ),
    await db.$count(
      emergencyReview,
      sql`${emergencyReview.reviewedAt} is null and ${emergencyReview.dueOn} < ${today}`,
    ),
  ]
  return { reports, reviews }
}
