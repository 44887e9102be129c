import { parentPort, workerData } from 'node:worker_threads'
import { labourOf, type Task } from './labour.ts'

/** A thread of bulk linkage: gets its share once, then tasks, and answers each. */
const labour = labourOf(workerData)

parentPort?.on('message', (task: Task) => {
  const done = labour(task)
  parentPort?.postMessage(done)
})
