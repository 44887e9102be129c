import { setTimeout as wait } from 'node:timers/promises'

/**
 * Does the task at once, and again so many milliseconds after it ended, until disposed, which waits for one under way.
 * A task that gives true has more to do, and is not waited for. What it meets stops nothing: `failed` is told, and it
 * is tried again after the same time. By itself it keeps no process alive.
 */
export function repeatEvery(
  everyMs: number,
  task: () => Promise<unknown>,
  failed: (fault: unknown) => void,
): AsyncDisposable {
  const stop = new AbortController()
  async function repeat(): Promise<void> {
    while (!stop.signal.aborted) {
      const hasMore = await task().catch(failed)
      if (hasMore !== true)
        await wait(everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => {})
    }
  }
  const running = repeat()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
