import { eq, or, sql } from 'drizzle-orm'
import { later } from '../consent/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { lockForChange, lockMerges } from './copy-lock-store.ts'
import { mergeCopy, registrationCopy } from './tables.ts'

/** An id that the region merged into another, and since when it leads there. */
export interface FormerCopy {
  localId: string
  mergedAt: Date
}

/** Whether the region ever said that another id replaces this one. */
export async function isMerged(db: Queryable, localId: string): Promise<boolean> {
  return (await db.$count(mergeCopy, eq(mergeCopy.localId, localId))) > 0
}

/** Keeps that these ids replace the one, dated no earlier than what was said under them before. */
export async function putMergeCopies(
  tx: Transaction,
  localId: string,
  replacedBy: readonly string[],
  receivedAt: Date,
): Promise<void> {
  await lockMerges(tx, localId)
  const { saidAt } = await lastAround(tx, replacedBy)
  const rows = replacedBy.map((each) => ({
    localId,
    replacedBy: each,
    receivedAt: later(receivedAt, saidAt),
  }))
  await tx.insert(mergeCopy).values(rows).onConflictDoNothing()
}

/**
 * Of several ids of one resident the later word counts, so it is dated after all that came before it: a clock may step
 * back. The caller holds the lock of merges.
 */
export async function afterMerged(tx: Transaction, localId: string, at: Date): Promise<Date> {
  const { saidAt, mergedAt } = await lastAround(tx, [localId])
  return mergedAt === undefined ? at : later(at, new Date(later(mergedAt, saidAt).getTime() + 1))
}

/** When the last word was received, and the last merge, of all whom merges hold together with one of these. */
async function lastAround(
  tx: Transaction,
  localIds: readonly string[],
): Promise<{ saidAt: Date; mergedAt: Date | undefined }> {
  const [row] = await tx.execute<{ saidAt: string | null; mergedAt: string | null }>(sql`
    with recursive around (local_id) as (
      select unnest(${sql.param([...localIds])}::text[])
      union
      select case when merge.local_id = around.local_id then merge.replaced_by else merge.local_id end
        from around
        join merge_copy merge on around.local_id in (merge.local_id, merge.replaced_by))
    select (select max(received_at) from consent_copy where local_id in (select local_id from around)) as "saidAt",
           (select max(received_at) from merge_copy where local_id in (select local_id from around)) as "mergedAt"`)
  return {
    saidAt: new Date(row?.saidAt ?? 0),
    mergedAt: row?.mergedAt == null ? undefined : new Date(row.mergedAt),
  }
}

/**
 * Keeps the registration of a merged id. A message that merges says little else, so what protected the id and a death
 * told of it go on counting; a removed id is protected only until it is fed again.
 */
export async function putMergedRegistration(
  tx: Transaction,
  row: { localId: string; protected: boolean; deceasedOn: string | null },
  receivedAt: Date,
): Promise<void> {
  await lockForChange(tx, row.localId)
  const { protected: isProtected, deceasedOn, isRemoved } = registrationCopy
  await tx
    .insert(registrationCopy)
    .values({ ...row, receivedAt })
    .onConflictDoUpdate({
      target: registrationCopy.localId,
      set: {
        protected: sql`excluded.protected or (${isProtected} and not ${isRemoved})`,
        deceasedOn: sql`coalesce(excluded.deceased_on, ${deceasedOn})`,
        isRemoved: false,
        receivedAt,
      },
    })
}

/** Removing an id takes its merges back, and those that lead to it: it may be given to somebody else. */
export async function endMergeCopies(tx: Transaction, localId: string): Promise<void> {
  await lockMerges(tx, localId)
  await tx.delete(mergeCopy).where(or(eq(mergeCopy.localId, localId), eq(mergeCopy.replacedBy, localId)))
}

/** Every id that was merged into this one, in however many steps; a circle, which the hub refuses, ends too. */
export async function findFormerCopies(db: Queryable, localId: string): Promise<FormerCopy[]> {
  const rows = await db.execute<{ localId: string; mergedAt: string }>(sql`
    with recursive former as (
      select local_id, received_at from merge_copy where replaced_by = ${localId}
      union
      select gone.local_id, greatest(former.received_at, gone.received_at)
        from former join merge_copy gone on gone.replaced_by = former.local_id)
    select local_id as "localId", max(received_at) as "mergedAt"
      from former where local_id <> ${localId} group by local_id order by local_id`)
  return rows.map((row) => ({ localId: row.localId, mergedAt: new Date(row.mergedAt) }))
}
