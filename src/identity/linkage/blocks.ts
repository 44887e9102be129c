import { GENERAL_PASSES, SEARCH_PASSES } from './blocking.ts'
import type { Columns } from './columns.ts'
import { type Hash, mixInto } from './hash.ts'
import { isSyntheticAt } from './models.ts'
import { FLAGS, IS_UNKNOWN_PERSON, ROW_WORDS } from './rows.ts'
import { addKey, type KeyColumns } from './sort-keys.ts'

const ALL = { ...SEARCH_PASSES, ...GENERAL_PASSES }
const PASSES = Object.values(ALL)
export type PassName = keyof typeof ALL
export const PASS_NAMES = Object.keys(ALL) as PassName[]

/** Passes that have keys in these columns at all. */
export function passesIn({ hasGeneral }: Columns): [pass: number, name: PassName][] {
  return [...PASS_NAMES.entries()].filter(([, name]) => hasGeneral || !Object.hasOwn(GENERAL_PASSES, name))
}

/** More than share a name and a birth date among ten million people: a filler. Counted and reported, never silent. */
const BLOCK_MAX = 2000
/** One value of one column is worth following only while it is rare: many are of one town, few have one number. */
const TEXT_BLOCK_MAX = 200

export function blockMaxOf(pass: number): number {
  return PASS_NAMES[pass] === 'textAlone' ? TEXT_BLOCK_MAX : BLOCK_MAX
}

/** The keys of a pass that fall to `part` of `parts`. Records of nobody have none; synthetic ones and real ones share none. */
export function collectKeys(
  columns: Columns,
  pass: number,
  { part, parts }: { part: number; parts: number },
  keys: KeyColumns,
): void {
  keys.count = 0
  const key: Hash = { high: 0, low: 0 }
  let place = 0
  const emit = () => {
    if (isSyntheticAt(columns, place)) mixInto(key, 1, 1)
    if (key.low % parts === part) addKey(keys, key.high, key.low, place)
  }
  const keysOf = PASSES[pass] as (typeof PASSES)[number]
  for (; place < columns.count; place++) {
    const row = place * ROW_WORDS
    if (((columns.rows[row + FLAGS] as number) & IS_UNKNOWN_PERSON) === 0) keysOf(columns, row, key, emit)
  }
}

/** Calls `visit` with each run of two or more equal keys in what is sorted by `high`. */
export function visitBlocks(keys: KeyColumns, visit: (from: number, to: number) => void): void {
  const { high, low, count } = keys
  let from = 0
  while (from < count) {
    let to = from + 1
    while (to < count && high[to] === high[from]) to++
    if (to - from > 1) {
      if (isOneKey(low, from, to)) visit(from, to)
      else visitByLow(keys, from, to, visit)
    }
    from = to
  }
}

function isOneKey(low: Uint32Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if (low[at] !== low[from]) return false
  return true
}

/** Where half of two hashes is the same by chance. */
function visitByLow(
  { low, place }: KeyColumns,
  from: number,
  to: number,
  visit: (from: number, to: number) => void,
): void {
  const order = [...low.subarray(from, to).entries()].sort(([atA, a], [atB, b]) => a - b || atA - atB)
  place.set(
    order.map(([at]) => place[from + at] as number),
    from,
  )
  low.set(
    order.map(([, key]) => key),
    from,
  )
  let start = from
  for (let at = from + 1; at <= to; at++) {
    if (at < to && low[at] === low[start]) continue
    if (at - start > 1) visit(start, at)
    start = at
  }
}
