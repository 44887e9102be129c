import '../../kernel/quick-imports.ts'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../kernel/must.ts'
import type { Sender } from './encode-records.ts'
import type { Asked } from './encoder-threads.ts'

const { encodeLines } = await import('./encode-records.ts')
const { linesIn } = await import('./read-lines.ts')

/** A thread that reads and encodes lines; one message in, one out, in order. */
const { sender } = workerData as { sender: Sender }
const port = present(parentPort, 'this file runs as a worker thread')
port.on('message', ({ lines, at, memory }: Asked) => {
  port.postMessage(encodeLines(Array.isArray(lines) ? lines : linesIn(lines), sender, at, memory))
})
