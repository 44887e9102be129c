import { grown } from './sort-keys.ts'
import type { Verdict } from './verdict.ts'

/** How many numbers a pair takes. */
export const PAIR_NUMBERS = 3

/** Judged pairs, three numbers each: the places and the verdict. */
export interface FoundPairs {
  numbers: Uint32Array<ArrayBuffer>
  count: number
}

export function noPairs(): FoundPairs {
  return { numbers: new Uint32Array(PAIR_NUMBERS * 1024), count: 0 }
}

/** The lower place stands first. */
export function addPair(pairs: FoundPairs, a: number, b: number, verdict: Verdict): void {
  if (PAIR_NUMBERS * (pairs.count + 1) > pairs.numbers.length) pairs.numbers = grown(pairs.numbers)
  const at = PAIR_NUMBERS * pairs.count++
  pairs.numbers[at] = Math.min(a, b)
  pairs.numbers[at + 1] = Math.max(a, b)
  pairs.numbers[at + 2] = verdict
}
