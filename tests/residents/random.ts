/** A seeded source of chance; the same seed and stream give the same draws on every machine. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number
  /** A whole number, at least 0, less than `bound`. */
  below(bound: number): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
  among<T>(weighted: Weighted<T>): T
}

/** Choices with their weights summed up, so that a draw is one binary search. */
export interface Weighted<T> {
  choices: readonly T[]
  upTo: Float64Array
}

export function weigh<T>(choices: readonly T[], weight: (choice: T, rank: number) => number): Weighted<T> {
  const upTo = new Float64Array(choices.length)
  let sum = 0
  choices.forEach((choice, rank) => {
    sum += weight(choice, rank)
    upTo[rank] = sum
  })
  return { choices, upTo }
}

/** Chance after sfc32 (Chris Doty-Humphrey's PractRand), started from the seed and the stream. */
export function randomFrom(seed: number, stream: number): Random {
  let a = scatter(seed)
  let b = scatter(stream ^ 0x9e3779b9)
  let c = scatter(Math.floor(stream / 2 ** 32) ^ 0x85ebca6b)
  let count = 1
  const next = () => {
    const sum = (((a + b) | 0) + count) | 0
    count = (count + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  for (let warm = 0; warm < 12; warm++) next()
  const below = (bound: number) => Math.floor(next() * bound)
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: (choices) => choices[below(choices.length)] as (typeof choices)[number],
    among: ({ choices, upTo }) => choices[firstAbove(upTo, next())] as (typeof choices)[number],
  }
}

function firstAbove(upTo: Float64Array, share: number): number {
  const wanted = share * (upTo.at(-1) ?? 0)
  let low = 0
  let high = upTo.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((upTo[middle] ?? 0) > wanted) high = middle
    else low = middle + 1
  }
  return low
}

function scatter(value: number): number {
  let mixed = (value + 0x6d2b79f5) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return mixed ^ (mixed >>> 15)
}
