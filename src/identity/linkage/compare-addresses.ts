import type { Columns } from './columns.ts'
import { entriesOf } from './extras.ts'
import type { KeyedColumns } from './keyed-columns.ts'
import { ADDRESS_LEVEL } from './levels.ts'
import { ADDRESS, CITY, EXTRA, EXTRAS, LOT, POSTAL_CODE, ROOM, TOWN, TOWN_KEY } from './rows.ts'
import { isEndOfOther, type Words } from './words.ts'

/** The nearest that any two addresses of the two lie, present or former; a former one that differs says nothing. */
export function addressLevel(columns: Columns, rowA: number, rowB: number): number {
  const { rows, extras, words } = columns
  const level = placeLevel(words, rows, rowA + ADDRESS, rows, rowB + ADDRESS)
  if (rows[rowA + EXTRAS] === 0 && rows[rowB + EXTRAS] === 0) return level
  let best = level
  for (const a of placesOf(columns, rowA)) {
    for (const b of placesOf(columns, rowB)) {
      if (a.from !== extras && b.from !== extras) continue
      const other = placeLevel(words, a.from, a.at, b.from, b.at)
      const isNear = other === ADDRESS_LEVEL.room || other === ADDRESS_LEVEL.lot
      if (isNear && (best === ADDRESS_LEVEL.unknown || other < best)) best = other
    }
  }
  return best
}

export function placesOf({ rows, extras }: KeyedColumns, row: number): { from: Uint32Array; at: number }[] {
  const former = [...entriesOf(extras, rows[row + EXTRAS] as number, EXTRA.formerAddress)]
  return [{ from: rows, at: row + ADDRESS }, ...former.map((at) => ({ from: extras, at }))]
}

function placeLevel(words: Words, a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  if (a[atA + TOWN] === 0 || b[atB + TOWN] === 0) return ADDRESS_LEVEL.unknown
  const [lotA, lotB] = [a[atA + LOT] as number, b[atB + LOT] as number]
  if (isOneTown(words, a, atA, b, atB)) {
    if (lotA === 0 || lotA !== lotB) return ADDRESS_LEVEL.town
    const [roomA, roomB] = [a[atA + ROOM] as number, b[atB + ROOM] as number]
    return roomA !== 0 && roomA === roomB ? ADDRESS_LEVEL.room : ADDRESS_LEVEL.lot
  }
  const [cityA, cityB] = [a[atA + CITY] as number, b[atB + CITY] as number]
  return cityA !== 0 && cityA === cityB ? ADDRESS_LEVEL.city : ADDRESS_LEVEL.different
}

/**
 * By the dictionary's key, where both towns have one. Otherwise by postal code and the end of the name, since the
 * municipality may be missing, or by the whole name with the municipality in it.
 */
function isOneTown(words: Words, a: Uint32Array, atA: number, b: Uint32Array, atB: number): boolean {
  const [keyA, keyB] = [a[atA + TOWN_KEY] as number, b[atB + TOWN_KEY] as number]
  if (keyA !== 0 && keyB !== 0) return keyA === keyB
  const [townA, townB] = [a[atA + TOWN] as number, b[atB + TOWN] as number]
  const [codeA, codeB] = [a[atA + POSTAL_CODE] as number, b[atB + POSTAL_CODE] as number]
  if (codeA !== 0 && codeB !== 0)
    return codeA === codeB && (townA === townB || isEndOfOther(words, townA, townB))
  return townA === townB && words.municipal[townA] === 1
}
