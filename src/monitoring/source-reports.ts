import type { Context } from '../kernel/context.ts'
import { repeatEvery } from '../kernel/repeat-every.ts'
import type { SourceState } from '../vocabulary/index.ts'
import { keepReports, type SourceReport } from './store.ts'

const FLUSH_MS = 1_000
const ANSWERED: readonly SourceState[] = ['complete', 'empty', 'partial', 'denied']

export interface SourceReports extends AsyncDisposable {
  /** Notes how asking a region ended. Written at most once a second, so that queries never wait for it. */
  sourceAnswered(region: string, state: SourceState, elapsedMs: number): void
}

export function keepSourceReports(context: Context): SourceReports {
  const newest = new Map<string, SourceReport>()

  async function flush(): Promise<void> {
    if (newest.size === 0) return
    const reports = [...newest.values()].sort((a, b) => (a.region < b.region ? -1 : 1))
    newest.clear()
    await keepReports(context.db, reports)
  }

  const failed = (err: unknown) => context.log.warn({ event: 'status.not-kept', err })
  const flushing = repeatEvery(FLUSH_MS, flush, failed)
  return {
    sourceAnswered(region, state, elapsedMs) {
      const at = context.now()
      const answeredAt = ANSWERED.includes(state) ? at : (newest.get(region)?.answeredAt ?? null)
      newest.set(region, { region, state, at, elapsedMs: Math.round(elapsedMs), answeredAt })
    },
    async [Symbol.asyncDispose]() {
      await flushing[Symbol.asyncDispose]()
      await flush().catch(failed)
    },
  }
}
