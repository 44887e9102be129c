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

/** Told of every batch: the last line committed, and the memory that the process holds. */
export interface LoadChildProgress {
  line: number
  rssBytes: number
}

/** Loads a file in a process of its own, which a test may kill. */
process.once('message', async ({ target, file, region, batchLines }: LoadChildStart) => {
  await using db = openDatabase(target, { connectionsMax: 2 })
  const context = { db, now: () => new Date(), log: silentLog() }
  const sender = await senderOf(db, region)
  const onProgress = ({ line }: { line: number }) =>
    process.send?.({ line, rssBytes: process.memoryUsage.rss() } satisfies LoadChildProgress)
  await loadFile(context, { file, sender, batchLines, onProgress })
  process.disconnect()
})
