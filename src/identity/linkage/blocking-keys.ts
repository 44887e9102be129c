import type { Features } from '../normalise/index.ts'
import { GENERAL_PASSES, type Pass, RELEASE_PASSES, SEARCH_PASSES } from './blocking.ts'
import { type Columns, columnsOf } from './columns.ts'
import { type Hash, mixInto } from './hash.ts'
import { isSyntheticAt } from './models.ts'
import { FLAGS, IS_UNKNOWN_PERSON, ROW_WORDS } from './rows.ts'

const RELEASE = Object.values(RELEASE_PASSES)
const SEARCH = Object.values(SEARCH_PASSES)

/** Keys that any two share which a rule can link, as 64-bit numbers that PostgreSQL holds. */
export function releaseKeys(features: Features): bigint[] {
  return keysAt(columnsOf([features]), 0, RELEASE, 0)
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

/**
 * Records of nobody have no key, and are never compared: ten thousand of 「テスト 患者」 would be fifty million pairs.
 * The pass is part of the key, so that no two passes meet, and so is whether it is synthetic.
 */
function keysAt(columns: Columns, place: number, passes: readonly Pass[], first: number): bigint[] {
  const row = place * ROW_WORDS
  if (((columns.rows[row + FLAGS] as number) & IS_UNKNOWN_PERSON) !== 0) return []
  const keys = new Set<bigint>()
  const world = isSyntheticAt(columns, place) ? 1 : 0
  const key: Hash = { high: 0, low: 0 }
  for (const [at, pass] of passes.entries()) {
    pass(columns, row, key, () => {
      mixInto(key, first + at + 1, world)
      keys.add(BigInt.asIntN(64, (BigInt(key.high) << 32n) | BigInt(key.low)))
    })
  }
  return [...keys]
}
