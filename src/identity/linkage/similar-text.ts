import { lengthOf, type Words } from './words.ts'

const SIMILAR = 0.85
const PREFIX_MAX = 4
const PREFIX_WEIGHT = 0.1
/** Places are kept as bits of one number. */
const LENGTH_MAX = 31

/** Jaro-Winkler similarity of 0.85 or more; longer texts than 31 letters are compared by their first 31. */
export function isSimilar(words: Words, a: number, b: number): boolean {
  const { codes, starts } = words
  const [startA, startB] = [starts[a] as number, starts[b] as number]
  const lengthA = Math.min(LENGTH_MAX, lengthOf(words, a))
  const lengthB = Math.min(LENGTH_MAX, lengthOf(words, b))
  if (lengthA === 0 || lengthB === 0) return false
  let prefix = 0
  const limit = Math.min(PREFIX_MAX, lengthA, lengthB)
  while (prefix < limit && codes[startA + prefix] === codes[startB + prefix]) prefix++
  // Letters that the other text does not have cannot be common, which settles nearly all pairs of strangers.
  const [lettersA, lettersB] = [lettersIn(codes, startA, lengthA), lettersIn(codes, startB, lengthB)]
  const most = Math.min(lengthA - bitsIn(lettersA & ~lettersB), lengthB - bitsIn(lettersB & ~lettersA))
  if (!isEnough((most / lengthA + most / lengthB + 1) / 3, prefix)) return false
  const reach = Math.max(0, Math.floor(Math.max(lengthA, lengthB) / 2) - 1)
  let [takenA, takenB, common] = [0, 0, 0]
  for (let at = 0; at < lengthA; at++) {
    const last = Math.min(lengthB - 1, at + reach)
    for (let other = Math.max(0, at - reach); other <= last; other++) {
      if ((takenB >>> other) & 1 || codes[startA + at] !== codes[startB + other]) continue
      takenA |= 1 << at
      takenB |= 1 << other
      common++
      break
    }
  }
  if (common === 0) return false
  let [moved, other] = [0, 0]
  for (let at = 0; at < lengthA; at++) {
    if (!((takenA >>> at) & 1)) continue
    while (!((takenB >>> other) & 1)) other++
    if (codes[startA + at] !== codes[startB + other]) moved++
    other++
  }
  const jaro = (common / lengthA + common / lengthB + (common - moved / 2) / common) / 3
  return isEnough(jaro, prefix)
}

function isEnough(jaro: number, prefix: number): boolean {
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro) >= SIMILAR
}

/** A bit for each letter, some of which share one. */
function lettersIn(codes: Uint16Array, start: number, length: number): number {
  let letters = 0
  for (let at = start; at < start + length; at++) letters |= 1 << ((codes[at] as number) & 31)
  return letters
}

function bitsIn(letters: number): number {
  let bits = letters - ((letters >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
