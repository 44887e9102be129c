import { type DatabaseTarget, openDatabase, type Transaction } from '../../kernel/database.ts'
import { type Columns, columnsBuilder } from '../linkage/index.ts'
import { type OrderedRefs, orderOf, refsBuilder } from './refs.ts'
import { listActive, type Pages, takeSnapshot } from './share-store.ts'

/** Some of the registrations, in the order in which they lie in the table. */
export interface Share extends OrderedRefs {
  columns: Columns
}

/** As many rows as a socket holds: the server reads the next of them while these are packed. */
const PAGES = 128
const SAID_EVERY = 10_000

/** Reads and packs the active registrations in some pages. `onProgress` is told of so many more. */
export async function readShare(
  tx: Transaction,
  { from, to }: Pages,
  onProgress: (more: number) => void,
): Promise<Share> {
  const columns = columnsBuilder(1)
  const refs = refsBuilder()
  let said = 0
  const ask = (first: number) => listActive(tx, { from: first, to: Math.min(first + PAGES, to) })
  let coming = ask(from)
  for (let first = from; first < to; first += PAGES) {
    const rows = await coming
    if (first + PAGES < to) {
      coming = ask(first + PAGES)
      coming.catch(() => {})
    }
    for (const row of rows) {
      columns.add(row.features)
      refs.add(row)
    }
    if (columns.count() - said < SAID_EVERY) continue
    onProgress(columns.count() - said)
    said = columns.count()
  }
  onProgress(columns.count() - said)
  const read = refs.finish()
  return { columns: columns.finish(), refs: read, order: orderOf(read) }
}

/** What a thread reads: pages as the transaction of this snapshot sees them. */
export interface ReadOrder {
  target: DatabaseTarget
  snapshot: string
  pages: Pages
}

/** As `readShare`, on a connection of its own. */
export async function readPages(
  { target, snapshot, pages }: ReadOrder,
  onProgress: (more: number) => void,
): Promise<Share> {
  await using db = openDatabase(target, { connectionsMax: 1 })
  return await db.transaction(
    async (tx) => {
      await takeSnapshot(tx, snapshot)
      return readShare(tx, pages, onProgress)
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}
