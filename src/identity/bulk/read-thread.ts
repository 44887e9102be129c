import '../../kernel/quick-imports.ts'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../kernel/must.ts'

const { readPages } = await import('./read-share.ts')

/** A thread that reads a share: tells how many more it has read each time, and gives the share at last. */
const port = present(parentPort, 'this file runs as a worker thread')
port.postMessage(await readPages(workerData, (more) => port.postMessage(more)))
