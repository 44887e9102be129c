import '../../kernel/quick-imports.ts'
import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../kernel/must.ts'
import type { ChangedPlaces } from './event-rows.ts'

const { eventRowsOf } = await import('./event-rows.ts')

/** A thread that says why registrations came to their persons: one message in, one out, in order. */
const port = present(parentPort, 'this file runs as a worker thread')
const rowsOf = eventRowsOf(workerData)
port.on('message', (changed: ChangedPlaces) => {
  const rows = rowsOf(changed)
  port.postMessage(rows, [rows.buffer as ArrayBuffer])
})
