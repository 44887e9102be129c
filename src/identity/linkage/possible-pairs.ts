import { type FoundPairs, PAIR_NUMBERS } from './found-pairs.ts'
import type { Outcome } from './settle.ts'
import { isAuto } from './verdict.ts'

/** Pairs of places that wait for a person, ordered by them, each once. */
export interface PossiblePairs {
  count: number
  a: Uint32Array
  b: Uint32Array
  verdict: Uint32Array
  /** For pairs that qualify: why either was not joined; 1 for V11, 2 for V12. */
  doubts: Uint8Array
}

/** Exact up to 67 million registrations. */
const PLACES = 2 ** 27

/** Leaves out whoever came to be of one cluster after all. */
export function possibleOf(found: readonly FoundPairs[], { cluster, doubts }: Outcome): PossiblePairs {
  const verdicts = new Map<number, number>()
  for (const { numbers, count } of found) {
    for (let at = 0; at < count * PAIR_NUMBERS; at += PAIR_NUMBERS) {
      const [a, b] = [numbers[at] as number, numbers[at + 1] as number]
      if (cluster[a] !== cluster[b]) verdicts.set(a * PLACES + b, numbers[at + 2] as number)
    }
  }
  const keys = Float64Array.from(verdicts.keys()).sort()
  const pairs: PossiblePairs = {
    count: keys.length,
    a: new Uint32Array(keys.length),
    b: new Uint32Array(keys.length),
    verdict: new Uint32Array(keys.length),
    doubts: new Uint8Array(keys.length),
  }
  for (const [at, key] of keys.entries()) {
    const [a, b] = [Math.floor(key / PLACES), key % PLACES]
    const verdict = verdicts.get(key) as number
    pairs.a[at] = a
    pairs.b[at] = b
    pairs.verdict[at] = verdict
    pairs.doubts[at] = isAuto(verdict) ? (doubts[a] as number) | (doubts[b] as number) : 0
  }
  return pairs
}
