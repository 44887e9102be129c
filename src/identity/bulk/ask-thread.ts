import { type Transferable, Worker } from 'node:worker_threads'
import { present } from '../../kernel/must.ts'

/** A thread that answers each message by one, in order. */
export interface AskedThread<Question, Answer> extends AsyncDisposable {
  /** What is moved is the thread's from then on. Fails for good once the thread has ended. */
  ask(question: Question, moved?: readonly Transferable[]): Promise<Answer>
}

export function startThread<Question, Answer>(file: URL, workerData: unknown): AskedThread<Question, Answer> {
  const worker = new Worker(file, { workerData })
  const waiting: { resolve(answer: Answer): void; reject(reason: unknown): void }[] = []
  let fault: unknown
  const fail = (reason: unknown) => {
    fault ??= reason
    for (const { reject } of waiting.splice(0)) reject(fault)
  }
  worker.on('message', (answer: Answer) =>
    present(waiting.shift(), 'an answer has its question').resolve(answer),
  )
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('A thread ended before its work was done.')))
  return {
    ask: (question, moved = []) =>
      new Promise((resolve, reject) => {
        if (fault !== undefined) return reject(fault)
        waiting.push({ resolve, reject })
        worker.postMessage(question, moved)
      }),
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
