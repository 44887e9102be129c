import { Worker } from 'node:worker_threads'
import type { Columns } from './columns.ts'
import type { Components } from './components.ts'
import type { RaritiesByKind } from './frequencies.ts'
import { judgeOf, type ManualDecisions } from './judge.ts'
import type { Models } from './models.ts'
import { type Scan, scannerOf } from './scan.ts'
import { type Outcome, type Settled, settle } from './settle.ts'

/** All that one share of bulk linkage needs; large things lie in shared memory, so it goes to a thread as it is. */
export interface Work {
  columns: Columns
  models: Models
  manual: ManualDecisions
  rarities: RaritiesByKind
  /** By place, a bit for each pass in which the registration lies in a block too large. */
  capped: Uint16Array
  part: number
  parts: number
}

export type Task =
  | { step: 'mark-twins' }
  | { step: 'scan'; pass: number }
  | { step: 'settle'; components: Components; outcome: Outcome }

type Done<T extends Task> = T extends { step: 'scan' }
  ? Scan
  : T extends { step: 'settle' }
    ? Settled
    : undefined

/** Does one share's part of each step. */
export type Labour = <T extends Task>(task: T) => Done<T>

export function labourOf({ columns, models, manual, rarities, ...share }: Work): Labour {
  const judge = judgeOf(columns, models, manual, rarities)
  const scanner = scannerOf(judge, share)
  const perform = (task: Task): Scan | Settled | undefined => {
    if (task.step === 'scan') return scanner.scan(task.pass)
    if (task.step === 'settle') return settle(judge, task.components, share, task.outcome)
    scanner.markTwins()
  }
  return perform as Labour
}

export interface Crew extends AsyncDisposable {
  /** Every share does its part; ends when all have. */
  all<T extends Task>(task: T): Promise<Done<T>[]>
}

/** One share works in this thread; more have a thread each. */
export function crewOf(shares: readonly Work[]): Crew {
  const [only] = shares
  if (shares.length === 1 && only !== undefined) {
    const labour = labourOf(only)
    return { all: async (task) => [labour(task)], [Symbol.asyncDispose]: async () => {} }
  }
  const workers = shares.map(
    (workerData) => new Worker(new URL('./labour-thread.ts', import.meta.url), { workerData }),
  )
  return {
    all: (task) => Promise.all(workers.map((worker) => askWorker(worker, task))),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function askWorker<T extends Task>(worker: Worker, task: T): Promise<Done<T>> {
  return new Promise((resolve, reject) => {
    const settled = () => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      worker.off('exit', onExit)
    }
    const onMessage = (done: Done<T>) => {
      settled()
      resolve(done)
    }
    const onError = (error: unknown) => {
      settled()
      reject(error)
    }
    const onExit = () => onError(new Error('A thread of bulk linkage ended before its work was done.'))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.on('exit', onExit)
    worker.postMessage(task)
  })
}
