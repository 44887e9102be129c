import { Worker } from 'node:worker_threads'
import type { ReadOrder, Share } from './read-share.ts'

/** Reads each share in a thread of its own; when one fails, the others end too. */
export async function readShares(
  orders: readonly ReadOrder[],
  onProgress: (more: number) => void,
): Promise<Share[]> {
  const workers = orders.map(
    (workerData) => new Worker(new URL('./read-thread.ts', import.meta.url), { workerData }),
  )
  try {
    return await Promise.all(workers.map((worker) => shareOf(worker, onProgress)))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

function shareOf(worker: Worker, onProgress: (more: number) => void): Promise<Share> {
  return new Promise((resolve, reject) => {
    worker.on('message', (told: number | Share) =>
      typeof told === 'number' ? onProgress(told) : resolve(told),
    )
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('A thread that reads ended before its share was read.')))
  })
}
