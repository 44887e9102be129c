import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../kernel/must.ts'
import { encodeLines, type Sender } from './encode-records.ts'
import type { Line } from './read-lines.ts'

/** A thread that reads and encodes lines; one message in, one out, in order. */
const { sender, at } = workerData as { sender: Sender; at: Date }
const port = present(parentPort, 'this file runs as a worker thread')
port.on('message', (lines: Line[]) => port.postMessage(encodeLines(lines, sender, at)))
