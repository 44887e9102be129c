/** 64 bits in two halves; written into, so that hashing millions allocates nothing. */
export interface Hash {
  high: number
  low: number
}

/** The same text gives the same hash in every process and version: stored keys are made of it. */
export function hashText(text: string, into: Hash): void {
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x5bd1e995)
    low ^= low >>> 15
  }
  into.high = scattered(high ^ text.length)
  into.low = scattered(low + text.length)
}

/** Takes one more number into a hash; the order in which numbers are taken in counts. */
export function mixInto(into: Hash, high: number, low: number): void {
  const before = into.high
  into.high = scattered(Math.imul(before, 0xcc9e2d51) ^ scattered(high) ^ into.low)
  into.low = scattered(Math.imul(into.low, 0x1b873593) ^ scattered(low + 0x9e3779b9) ^ before)
}

/** Spreads every bit over all 32 (the finalizer of MurmurHash3). */
function scattered(bits: number): number {
  let x = bits
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}
