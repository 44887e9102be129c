import type { DatabaseTarget, Transaction } from '../../kernel/database.ts'
import { type Columns, joinColumns, type ManualDecisions } from '../linkage/index.ts'
import { type PatientId, patientIdOf } from '../patient-id.ts'
import { findAllDeclared } from './link-store.ts'
import { readShare, type Share } from './read-share.ts'
import { readShares } from './reader-threads.ts'
import { joinRefs, type Refs, readerOf } from './refs.ts'
import { countPages, nameSnapshot, type Pages } from './share-store.ts'

/** Everybody who is registered, packed for linking; a registration is its place in the order of region and id. */
export interface Registered {
  count: number
  columns: Columns
  idOf(place: number): PatientId
  refOf(place: number): string
  refs: Refs
  manual: ManualDecisions
}

export interface ReadOptions {
  /** Where the threads find what the transaction sees. */
  target: DatabaseTarget
  threads: number
  onProgress?: (read: number) => void
}

/** Fewer are read sooner than threads start. */
const THREADS_FROM_PAGES = 4_000

/** Reads every active registration and what people have decided about them. */
export async function readRegistered(
  tx: Transaction,
  { target, threads, onProgress = () => {} }: ReadOptions,
): Promise<Registered> {
  const shares = await readAll(tx, { target, threads, onProgress })
  const { refs, places } = joinRefs(shares)
  const columns = joinColumns(
    shares.map((share, at) => ({ columns: share.columns, places: places[at] as Uint32Array })),
  )
  const refOf = readerOf(refs)
  const { count } = columns
  const idOf = (place: number) => patientIdOf(refOf(place))
  return { count, columns, refs, idOf, refOf, manual: await declaredAmong(tx, count, refOf) }
}

/** What the transaction sees at one moment, in as many shares as there are threads. */
async function readAll(
  tx: Transaction,
  { target, threads, onProgress }: Required<ReadOptions>,
): Promise<Share[]> {
  let read = 0
  const onMore = (more: number) => {
    read += more
    onProgress(read)
  }
  const snapshot = await nameSnapshot(tx)
  const pages = await countPages(tx)
  if (pages < THREADS_FROM_PAGES || threads < 2) return [await readShare(tx, { from: 0, to: pages }, onMore)]
  const orders = sharesOf(pages, threads).map((share) => ({ target, snapshot, pages: share }))
  return readShares(orders, onMore)
}

function sharesOf(pages: number, shares: number): Pages[] {
  const startOf = (share: number) => Math.floor((share * pages) / shares)
  return Array.from({ length: shares }, (_, share) => ({ from: startOf(share), to: startOf(share + 1) }))
}

async function declaredAmong(
  tx: Transaction,
  count: number,
  refAt: (place: number) => string,
): Promise<ManualDecisions> {
  const declared = await findAllDeclared(tx)
  const named = new Set(declared.flatMap(({ a, b }) => [a, b]))
  const places = new Map<string, number>()
  if (named.size > 0) {
    for (let place = 0; place < count; place++) {
      const ref = refAt(place)
      if (named.has(ref)) places.set(ref, place)
    }
  }
  const pairs = (said: 'same' | 'different') =>
    declared.flatMap(({ a, b, said: what }) => {
      const [left, right] = [places.get(a), places.get(b)]
      return what !== said || left === undefined || right === undefined ? [] : [[left, right] as const]
    })
  return { same: pairs('same'), different: pairs('different') }
}
