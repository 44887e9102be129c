import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Item } from '../vocabulary/index.ts'
import { alignAnswers } from './align-answers.ts'
import type { AlignedAnswers, AlignedSource } from './aligned.ts'
import type { CodeMap } from './mapping/code-maps.ts'
import type { Tally } from './tally.ts'

/** Sorting that many takes a few milliseconds; more would hold up every other call of the process. */
export const RECORDS_HERE_MAX = 300
const ASIDE_TIMEOUT_MS = 60_000
const HEAP_MB_MAX = 512

export type AsideJob =
  | { kind: 'align'; sources: readonly AlignedSource[]; asked: readonly Item[] }
  | { kind: 'tally'; texts: readonly string[]; maps: readonly CodeMap[] }

/** Sorts an answer here, or where it is large in a thread of its own, so that nobody else waits for it. */
export async function alignAnswersAside(
  sources: readonly AlignedSource[],
  asked: readonly Item[],
): Promise<AlignedAnswers> {
  const records = sources.reduce((sum, { resources }) => sum + resources.length, 0)
  if (records <= RECORDS_HERE_MAX) return alignAnswers(sources, asked)
  const texts = sources.map((source) => ({
    ...source,
    resources: source.resources.map(({ text }) => ({ text })),
  }))
  return (await runAside({ kind: 'align', sources: texts, asked })) as AlignedAnswers
}

/** Judges and counts records in a thread of its own. */
export async function tallyAside(texts: readonly string[], maps: readonly CodeMap[]): Promise<Tally> {
  return (await runAside({ kind: 'tally', texts, maps })) as Tally
}

/** One job, one thread: it starts in about a tenth of a second and leaves nothing behind. */
async function runAside(job: AsideJob): Promise<unknown> {
  const worker = new Worker(new URL('./aside-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
  })
  try {
    const [result] = (await once(worker, 'message', { signal: AbortSignal.timeout(ASIDE_TIMEOUT_MS) })) as [
      unknown,
    ]
    return result
  } finally {
    await worker.terminate()
  }
}
