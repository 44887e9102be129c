import '../../kernel/quick-imports.ts'
import { parentPort, workerData } from 'node:worker_threads'
import type { Task } from './labour.ts'

const { labourOf } = await import('./labour.ts')

/** A thread of bulk linkage: gets its share once, then tasks, and answers each. */
const labour = labourOf(workerData)

parentPort?.on('message', (task: Task) => {
  const done = labour(task)
  parentPort?.postMessage(done)
})
