import { Worker } from 'node:worker_threads'
import { present } from '../../kernel/must.ts'
import type { EncodedLines, Memory, Sender } from './encode-records.ts'
import type { Block, Line } from './read-lines.ts'

export interface EncoderThreads extends AsyncDisposable {
  /** What is known of the lines at that time, in that memory. The caller keeps the order of all. */
  encode(asked: Asked): Promise<EncodedLines>
}

/** What a thread is sent. */
export interface Asked {
  lines: Line[] | Block
  at: Date
  memory: Memory
}

interface Thread {
  worker: Worker
  /** Why it ended, if it did. */
  fault: unknown
  /** Who waits for its next answers, in order. */
  waiting: { resolve(encoded: EncodedLines): void; reject(reason: unknown): void }[]
}

/** `count` threads that read and encode lines in turn. A small file needs but the first; others start for their first lines. */
export function startEncoders(count: number, sender: Sender): EncoderThreads {
  const threads = [startThread(sender)]
  let next = 0
  return {
    encode(asked) {
      const turn = next++ % count
      threads[turn] ??= startThread(sender)
      const { worker, waiting, fault } = threads[turn]
      return new Promise((resolve, reject) => {
        if (fault !== undefined) return reject(fault)
        waiting.push({ resolve, reject })
        worker.postMessage(asked)
      })
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

function startThread(sender: Sender): Thread {
  const worker = new Worker(new URL('./encode-worker.ts', import.meta.url), { workerData: { sender } })
  const thread: Thread = { worker, fault: undefined, waiting: [] }
  worker.on('message', (encoded: EncodedLines) =>
    present(thread.waiting.shift(), 'an answer has its question').resolve(encoded),
  )
  worker.on('error', (reason) => {
    thread.fault = reason
    for (const { reject } of thread.waiting.splice(0)) reject(reason)
  })
  return thread
}
