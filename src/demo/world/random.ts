import { must, present } from '../../kernel/must.ts'

/** A stream of numbers that the same labels always repeat, so that the world is the same on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** An integer from 0 to `below` - 1. */
  under(below: number): number
  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** `count` different elements, in random order; all of them when there are fewer. */
  sample<T>(from: readonly T[], count: number): T[]
  /** `length` characters of `alphabet`. */
  text(alphabet: string, length: number): string
}

/** Crockford's base 32: no letter that reads as a digit. */
export const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const DIGITS = '0123456789'

/** The stream of these labels: what one part of the world draws never shifts what another part draws. */
export function randomOf(...labels: readonly (string | number)[]): Random {
  const next = mulberry32(fnv1a(labels.join('\u0000')))
  const under = (below: number) => Math.floor(next() * below)
  const pick = <T>(from: readonly T[]): T => {
    must(from.length > 0, 'there is something to pick from')
    return present(from[under(from.length)], 'an index under the length')
  }
  return {
    next,
    under,
    between: (low, high) => low + under(high - low + 1),
    chance: (probability) => next() < probability,
    pick,
    sample(from, count) {
      const rest = [...from]
      return Array.from({ length: Math.min(count, rest.length) }, () =>
        present(rest.splice(under(rest.length), 1)[0], 'an index under the length'),
      )
    },
    text: (alphabet, length) =>
      Array.from({ length }, () => alphabet.charAt(under(alphabet.length))).join(''),
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
