import { present } from '../../kernel/must.ts'
import { startThread } from './ask-thread.ts'
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
  const file = new URL('./explain-thread.ts', import.meta.url)
  const all = Array.from({ length: threads }, () => startThread<ChangedPlaces, Uint8Array>(file, toExplain))
  let next = 0
  return {
    events: (changed) =>
      present(all[next++ % threads], 'there are threads').ask(changed, [
        changed.places.buffer as ArrayBuffer,
      ]),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((thread) => thread[Symbol.asyncDispose]()))
    },
  }
}
