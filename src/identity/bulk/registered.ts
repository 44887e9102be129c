import type { Transaction } from '../../kernel/database.ts'
import { type Columns, columnsBuilder, type ManualDecisions } from '../linkage/index.ts'
import { type PatientId, refOf } from '../patient-id.ts'
import { findAllDeclared } from './link-store.ts'
import { countActive, listActive } from './store.ts'

/** Everybody who is registered, packed for linking; a registration is its place in the order of region and id. */
export interface Registered {
  count: number
  columns: Columns
  idOf(place: number): PatientId
  refOf(place: number): string
  manual: ManualDecisions
}

/** As much as a socket holds: the server reads the next of them while these are packed. */
const ROWS = 500
const SAID_EVERY = 10_000

/** Reads every active registration and what people have decided about them. */
export async function readRegistered(
  tx: Transaction,
  onProgress: (read: number) => void = () => {},
): Promise<Registered> {
  const builder = columnsBuilder(await countActive(tx))
  const regions: string[] = []
  const regionAt: number[] = []
  const localIds: string[] = []
  const idOf = (place: number): PatientId => ({
    region: regions[regionAt[place] as number] as string,
    localId: localIds[place] as string,
  })
  let coming = listActive(tx, undefined, ROWS)
  for (let isLast = false; !isLast; ) {
    const rows = await coming
    isLast = rows.length < ROWS
    if (!isLast) {
      coming = listActive(tx, rows.at(-1), ROWS)
      coming.catch(() => {})
    }
    for (const { region, localId, features } of rows) {
      builder.add(features)
      if (regions.at(-1) !== region) regions.push(region)
      regionAt.push(regions.length - 1)
      localIds.push(localId)
    }
    if (isLast || localIds.length % SAID_EVERY === 0) onProgress(localIds.length)
  }
  const registered = { count: localIds.length, columns: builder.finish(), idOf }
  const refAt = (place: number) => refOf(idOf(place))
  return { ...registered, refOf: refAt, manual: await declaredAmong(tx, registered.count, refAt) }
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
