import { Worker } from 'node:worker_threads'
import { present } from '../../kernel/must.ts'
import { type ChangedPlaces, eventRowsOf, type ToExplain } from './event-rows.ts'

export interface Explainers extends AsyncDisposable {
  /** The rows of `link_event` about these, in their order. */
  events(changed: ChangedPlaces): Promise<Uint8Array>
}

/** Fewer are explained sooner than threads start. */
const THREADS_FROM = 20_000

/** Threads that explain in turn; for a few registrations none but this one. */
export function startExplainers(toExplain: ToExplain, threads: number): Explainers {
  if (threads < 2 || toExplain.columns.count < THREADS_FROM) {
    const rowsOf = eventRowsOf(toExplain)
    return { events: async (changed) => rowsOf(changed), [Symbol.asyncDispose]: async () => {} }
  }
  const all = Array.from({ length: threads }, () => startThread(toExplain))
  let next = 0
  return {
    events: (changed) => present(all[next++ % threads], 'there are threads').events(changed),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((thread) => thread[Symbol.asyncDispose]()))
    },
  }
}

function startThread(toExplain: ToExplain): Explainers {
  const worker = new Worker(new URL('./explain-thread.ts', import.meta.url), { workerData: toExplain })
  const waiting: { resolve(rows: Uint8Array): void; reject(reason: unknown): void }[] = []
  const fail = (reason: unknown) => {
    for (const { reject } of waiting.splice(0)) reject(reason)
  }
  worker.on('message', (rows: Uint8Array) =>
    present(waiting.shift(), 'an answer has its question').resolve(rows),
  )
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('A thread that explains links ended before its work was done.')))
  return {
    events: (changed) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.postMessage(changed, [changed.places.buffer as ArrayBuffer])
      }),
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
