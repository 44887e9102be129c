import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { EncodedLines, Sender } from './encode-records.ts'
import type { Line } from './read-lines.ts'

export interface EncoderThreads extends AsyncDisposable {
  /** Answers come in the order of the calls for each thread; the caller keeps the order of all. */
  encode(lines: Line[]): Promise<EncodedLines>
}

/** `count` threads that read and encode lines in turn, each started for its first lines: a small file needs but one. */
export function startEncoders(count: number, sender: Sender, startedAt: Date): EncoderThreads {
  const url = new URL('./encode-worker.ts', import.meta.url)
  const threads: Worker[] = []
  const queues = Array.from({ length: count }, () => Promise.resolve() as Promise<unknown>)
  let next = 0
  return {
    encode(lines) {
      const at = next++ % count
      threads[at] ??= new Worker(url, { workerData: { sender, at: startedAt } })
      const thread = threads[at]
      const answer = (queues[at] as Promise<unknown>).then(async () => {
        thread.postMessage(lines)
        const [encoded] = (await once(thread, 'message')) as [EncodedLines]
        return encoded
      })
      queues[at] = answer.catch(() => {})
      return answer
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}
