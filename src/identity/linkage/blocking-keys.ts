import type { Features } from '../normalise/index.ts'
import { GENERAL_PASSES, type Pass, RELEASE_PASSES, SEARCH_PASSES } from './blocking.ts'
import { type Hash, mixInto } from './hash.ts'
import { keyedColumnsBuilder } from './keyed-columns.ts'
import { isSyntheticAt } from './models.ts'
import { FLAGS, IS_UNKNOWN_PERSON } from './rows.ts'
import { addKey, type KeyColumns } from './sort-keys.ts'

const RELEASE = Object.values(RELEASE_PASSES)
const SEARCH = Object.values(SEARCH_PASSES)

const packed = keyedColumnsBuilder()

/** Keys that any two share which a rule can link, as 64-bit numbers that PostgreSQL holds. */
export function releaseKeys(features: Features): bigint[] {
  return keysOf(features, RELEASE, 0)
}

/** Adds the same of one of many to columns; `sortKeys` puts those in order. */
export function addReleaseKeys(keys: KeyColumns, features: Features, place: number): void {
  const from = keys.count
  eachKey(features, RELEASE, 0, (high, low) => {
    if (!holds(keys, from, high, low)) addKey(keys, high, low, place)
  })
}

function holds({ high, low, count }: KeyColumns, from: number, ownHigh: number, ownLow: number): boolean {
  for (let at = from; at < count; at++) if (high[at] === ownHigh && low[at] === ownLow) return true
  return false
}

/** Keys that those share who are registered under one number with one birth date, as twins are. */
export function numberKeys(features: Features): bigint[] {
  return keysOf(features, RELEASE.slice(0, 1), 0)
}

/** Keys that any two share which are worth comparing, whether a rule can link them or not. */
export function searchKeys(features: Features): bigint[] {
  return keysOf(features, SEARCH, RELEASE.length)
}

/** The passes that bring the two together, by name. */
export function meetingPasses(a: Features, b: Features): string[] {
  const passes = a.texts === undefined ? SEARCH_PASSES : { ...SEARCH_PASSES, ...GENERAL_PASSES }
  return Object.entries(passes).flatMap(([name, pass]) => {
    const keys = keysOf(a, [pass], 0)
    return keysOf(b, [pass], 0).some((key) => keys.includes(key)) ? [name] : []
  })
}

function keysOf(features: Features, passes: readonly Pass[], first: number): bigint[] {
  const keys = new Set<bigint>()
  eachKey(features, passes, first, (high, low) =>
    keys.add(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))),
  )
  return [...keys]
}

/**
 * Records of nobody have no key, and are never compared: ten thousand of 「テスト 患者」 would be fifty million pairs.
 * The pass is part of the key, so that no two passes meet, and so is whether it is synthetic.
 */
function eachKey(
  features: Features,
  passes: readonly Pass[],
  first: number,
  take: (high: number, low: number) => void,
): void {
  const columns = packed(features)
  if (((columns.rows[FLAGS] as number) & IS_UNKNOWN_PERSON) !== 0) return
  const world = isSyntheticAt(columns, 0) ? 1 : 0
  const key: Hash = { high: 0, low: 0 }
  for (const [at, pass] of passes.entries()) {
    pass(columns, 0, key, () => {
      mixInto(key, first + at + 1, world)
      take(key.high, key.low)
    })
  }
}
