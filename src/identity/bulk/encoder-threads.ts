import { startThread } from './ask-thread.ts'
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

/** `count` threads that read and encode lines in turn. A small file needs but the first; others start for their first lines. */
export function startEncoders(count: number, sender: Sender): EncoderThreads {
  const start = () =>
    startThread<Asked, EncodedLines>(new URL('./encode-worker.ts', import.meta.url), { sender })
  const threads = [start()]
  let next = 0
  return {
    encode(asked) {
      const turn = next++ % count
      threads[turn] ??= start()
      return threads[turn].ask(asked)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread[Symbol.asyncDispose]()))
    },
  }
}
