import type { Features } from '../normalise/index.ts'
import { GENERAL_PASSES, type Pass, RELEASE_PASSES, SEARCH_PASSES } from './blocking.ts'
import { type Columns, columnsOf } from './columns.ts'
import { type Hash, mixInto } from './hash.ts'
import { isSyntheticAt } from './models.ts'
import { FLAGS, IS_UNKNOWN_PERSON, ROW_WORDS } from './rows.ts'
import { addKey, emptyKeys, type KeyColumns, sortKeys } from './sort-keys.ts'

const RELEASE = Object.values(RELEASE_PASSES)
const SEARCH = Object.values(SEARCH_PASSES)
const KEYS_EXPECTED = 6

/** Keys that any two share which a rule can link, as 64-bit numbers that PostgreSQL holds. */
export function releaseKeys(features: Features): bigint[] {
  return keysAt(columnsOf([features]), 0, RELEASE, 0)
}

/** The same of many at once, by the keys' upper halves: each by itself would cost more than its keys. */
export function releaseKeysInOrder(columns: Columns): KeyColumns {
  const keys = emptyKeys(KEYS_EXPECTED * columns.count)
  for (let place = 0; place < columns.count; place++) {
    const from = keys.count
    eachKeyAt(columns, place, RELEASE, 0, (high, low) => {
      if (!holds(keys, from, high, low)) addKey(keys, high, low, place)
    })
  }
  sortKeys(keys, emptyKeys(keys.count))
  return keys
}

function holds({ high, low, count }: KeyColumns, from: number, ownHigh: number, ownLow: number): boolean {
  for (let at = from; at < count; at++) if (high[at] === ownHigh && low[at] === ownLow) return true
  return false
}

/** Keys that those share who are registered under one number with one birth date, as twins are. */
export function numberKeys(features: Features): bigint[] {
  return keysAt(columnsOf([features]), 0, RELEASE.slice(0, 1), 0)
}

/** Keys that any two share which are worth comparing, whether a rule can link them or not. */
export function searchKeys(features: Features): bigint[] {
  return keysAt(columnsOf([features]), 0, SEARCH, RELEASE.length)
}

/** The passes that bring the two together, by name. */
export function meetingPasses(a: Features, b: Features): string[] {
  const passes = a.texts === undefined ? SEARCH_PASSES : { ...SEARCH_PASSES, ...GENERAL_PASSES }
  return Object.entries(passes).flatMap(([name, pass]) => {
    const keys = keysAt(columnsOf([a]), 0, [pass], 0)
    return keysAt(columnsOf([b]), 0, [pass], 0).some((key) => keys.includes(key)) ? [name] : []
  })
}

function keysAt(columns: Columns, place: number, passes: readonly Pass[], first: number): bigint[] {
  const keys = new Set<bigint>()
  eachKeyAt(columns, place, passes, first, (high, low) =>
    keys.add(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))),
  )
  return [...keys]
}

/**
 * Records of nobody have no key, and are never compared: ten thousand of 「テスト 患者」 would be fifty million pairs.
 * The pass is part of the key, so that no two passes meet, and so is whether it is synthetic.
 */
function eachKeyAt(
  columns: Columns,
  place: number,
  passes: readonly Pass[],
  first: number,
  take: (high: number, low: number) => void,
): void {
  const row = place * ROW_WORDS
  if (((columns.rows[row + FLAGS] as number) & IS_UNKNOWN_PERSON) !== 0) return
  const world = isSyntheticAt(columns, place) ? 1 : 0
  const key: Hash = { high: 0, low: 0 }
  for (const [at, pass] of passes.entries()) {
    pass(columns, row, key, () => {
      mixInto(key, first + at + 1, world)
      take(key.high, key.low)
    })
  }
}
