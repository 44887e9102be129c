/** Keys of registrations in three columns; `count` of them are in use. */
export interface KeyColumns {
  high: Uint32Array
  low: Uint32Array
  place: Uint32Array
  count: number
}

export function emptyKeys(capacity: number): KeyColumns {
  return {
    high: new Uint32Array(capacity),
    low: new Uint32Array(capacity),
    place: new Uint32Array(capacity),
    count: 0,
  }
}

export function addKey(keys: KeyColumns, high: number, low: number, place: number): void {
  if (keys.count === keys.high.length) {
    keys.high = grown(keys.high)
    keys.low = grown(keys.low)
    keys.place = grown(keys.place)
  }
  keys.high[keys.count] = high
  keys.low[keys.count] = low
  keys.place[keys.count] = place
  keys.count++
}

export function grown(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(1024, Math.ceil(numbers.length * 1.5)))
  larger.set(numbers)
  return larger
}

const DIGIT_BITS = 11
const DIGITS = 2 ** DIGIT_BITS

/** Sorts by `high` alone, stable, without comparing: three rounds of eleven bits. `spare` is written over. */
export function sortKeys(keys: KeyColumns, spare: KeyColumns): void {
  if (spare.high.length < keys.count) Object.assign(spare, emptyKeys(keys.high.length))
  let [from, to] = [keys, spare]
  to.count = from.count
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    distribute(from, to, shift)
    ;[from, to] = [to, from]
  }
  if (from !== keys) swap(keys, spare)
}

function distribute(from: KeyColumns, to: KeyColumns, shift: number): void {
  const { high, low, place, count } = from
  const ends = new Uint32Array(DIGITS + 1)
  for (let at = 0; at < count; at++) {
    const digit = ((high[at] as number) >>> shift) & (DIGITS - 1)
    ends[digit + 1] = (ends[digit + 1] as number) + 1
  }
  for (let digit = 0; digit < DIGITS; digit++) {
    ends[digit + 1] = (ends[digit + 1] as number) + (ends[digit] as number)
  }
  const [toHigh, toLow, toPlace] = [to.high, to.low, to.place]
  for (let at = 0; at < count; at++) {
    const key = high[at] as number
    const digit = (key >>> shift) & (DIGITS - 1)
    const target = ends[digit] as number
    ends[digit] = target + 1
    toHigh[target] = key
    toLow[target] = low[at] as number
    toPlace[target] = place[at] as number
  }
}

function swap(a: KeyColumns, b: KeyColumns): void {
  const held = { ...a }
  Object.assign(a, b)
  Object.assign(b, held)
}
