import { blockMaxOf, collectKeys, PASS_NAMES, visitBlocks } from './blocks.ts'
import type { Columns } from './columns.ts'
import { addPair, type FoundPairs, noPairs } from './found-pairs.ts'
import type { Judge } from './judge.ts'
import { ROW_WORDS } from './rows.ts'
import { SHARES } from './shared-passes.ts'
import { emptyKeys, type KeyColumns, sortKeys } from './sort-keys.ts'
import { markTwinsAmong } from './twin-numbers.ts'
import { isAuto, isForReview } from './verdict.ts'

export interface PassCounts {
  pass: string
  /** Pairs judged for the first time. */
  judged: number
  /** Blocks too large to compare, and how many registrations are in them. */
  cappedBlocks: number
  cappedRegistrations: number
}

export interface Scan {
  /** Pairs that qualify. */
  autos: FoundPairs
  /** Pairs that a person must decide. */
  reviews: FoundPairs
  counts: PassCounts
}

/** One of `parts` shares of the work: the keys that fall to `part`. */
export interface Share {
  part: number
  parts: number
  /** By place, a bit for each pass in which the registration lies in a block too large; of all parts. */
  capped: Uint16Array
}

export interface Scanner {
  markTwins(): void
  scan(pass: number): Scan
}

export function scannerOf(judge: Judge, share: Share): Scanner {
  const { columns } = judge
  let keys = emptyKeys(1024)
  const spare = emptyKeys(0)
  let loaded: number | undefined
  const load = (pass: number) => {
    if (loaded === pass) return
    loaded = pass
    if (keys.high.length === 1024) keys = emptyKeys(Math.ceil((1.1 * columns.count) / share.parts) + 1024)
    collectKeys(columns, pass, share, keys)
    sortKeys(keys, spare)
  }
  return {
    markTwins() {
      load(0)
      visitBlocks(keys, (from, to) => {
        if (to - from <= blockMaxOf(0)) markTwinsAmong(columns, keys.place, from, to)
      })
    },
    scan(pass) {
      load(pass)
      return scanBlocks(judge, pass, share, keys)
    },
  }
}

function scanBlocks(judge: Judge, pass: number, { capped }: Share, keys: KeyColumns): Scan {
  const found: Scan = {
    autos: noPairs(),
    reviews: noPairs(),
    counts: { pass: PASS_NAMES[pass] ?? '', judged: 0, cappedBlocks: 0, cappedRegistrations: 0 },
  }
  const { place } = keys
  const max = blockMaxOf(pass)
  visitBlocks(keys, (from, to) => {
    if (to - from > max) {
      found.counts.cappedBlocks++
      found.counts.cappedRegistrations += to - from
      for (let at = from; at < to; at++) Atomics.or(capped, place[at] as number, 1 << pass)
      return
    }
    for (let at = from; at < to; at++) {
      for (let other = at + 1; other < to; other++) {
        judgePair(judge, pass, capped, place[at] as number, place[other] as number, found)
      }
    }
  })
  return found
}

function judgePair(judge: Judge, pass: number, capped: Uint16Array, a: number, b: number, found: Scan): void {
  if (a === b || isOfEarlierPass(judge.columns, pass, capped, a, b)) return
  found.counts.judged++
  if (judge.areOfOtherDays(a, b)) return
  const verdict = judge.verdict(a, b)
  if (isAuto(verdict)) addPair(found.autos, a, b, verdict)
  else if (isForReview(verdict)) addPair(found.reviews, a, b, verdict)
}

function isOfEarlierPass(columns: Columns, pass: number, capped: Uint16Array, a: number, b: number): boolean {
  const skipped = (capped[a] as number) & (capped[b] as number)
  for (let earlier = 0; earlier < pass && earlier < SHARES.length; earlier++) {
    if ((skipped >>> earlier) & 1) continue
    if (SHARES[earlier]?.(columns, a * ROW_WORDS, b * ROW_WORDS)) return true
  }
  return false
}
