import { recordAudit } from '../audit/index.ts'
import type { Context } from '../kernel/context.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
import { findPolicy, POLICY_WHEN_NONE, readRegistry } from '../registry/index.ts'
import { deleteVisitsBefore } from './store.ts'
import { addDays, tokyoDate } from './tokyo-time.ts'

/**
 * Deletes the visits that each recording region's council keeps no longer (guideline §4-3-2): so many days after their
 * last day, or after they were taken back. What is still open is kept. Gives how many went.
 */
export async function deleteOldVisits(context: Context): Promise<number> {
  const at = context.now()
  const registry = await readRegistry(context.db)
  let deleted = 0
  for (const { id: region } of registry.regions) {
    const { keptDays } = (findPolicy(registry, region, at)?.document ?? POLICY_WHEN_NONE).visits
    const before = addDays(tokyoDate(at), -keptDays)
    deleted += await context.db.transaction(async (tx) => {
      const count = await deleteVisitsBefore(tx, region, before)
      if (count > 0) await recordAudit(tx, { kind: 'visit.deleted', at, detail: { region, before, count } })
      return count
    })
  }
  return deleted
}

/** Deletes now and at every interval until disposed; what fails is logged and tried again at the next. */
export function startVisitRetention(context: Context, everyMs: number): AsyncDisposable {
  const deleteOld = async () => {
    const deleted = await deleteOldVisits(context)
    if (deleted > 0) context.log.info({ event: 'visits.deleted', deleted })
  }
  return repeatEvery(everyMs, deleteOld, (err) => context.log.warn({ event: 'visits.kept', err }))
}
