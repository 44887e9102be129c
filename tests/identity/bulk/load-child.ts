import { loadFile, senderOf } from '../../../src/identity/bulk/index.ts'
import { type DatabaseTarget, openDatabase } from '../../../src/kernel/database.ts'
import { silentLog } from '../../../src/kernel/events.ts'

/** What a test tells the process that loads for it. */
export interface LoadChildStart {
  target: DatabaseTarget
  file: string
  region: string
  batchLines: number
}

/** Loads a file in a process of its own, which a test may kill, and tells of every batch. */
process.once('message', async ({ target, file, region, batchLines }: LoadChildStart) => {
  await using db = openDatabase(target, { connectionsMax: 2 })
  const context = { db, now: () => new Date(), log: silentLog() }
  const sender = await senderOf(db, region)
  await loadFile(context, { file, sender, batchLines, onProgress: ({ line }) => process.send?.(line) })
  process.disconnect()
})
