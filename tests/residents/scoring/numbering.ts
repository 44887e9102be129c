/** Texts as small numbers: 0 for the empty one, then 1, 2, … in the order of first sight. */
export interface Numbering {
  numberOf(text: string): number
  /** The number where the text has been seen; otherwise undefined. */
  find(text: string): number | undefined
  /** One more than the highest number given. */
  count(): number
}

const SLOTS_AT_FIRST = 1 << 16

/**
 * Numbers by 64-bit hash and forgets the texts, which keeps millions of ids small. Some two of two million texts share
 * a hash once in ten million runs.
 */
export function openNumbering(): Numbering {
  let low = new Int32Array(SLOTS_AT_FIRST)
  let high = new Int32Array(SLOTS_AT_FIRST)
  let numbers = new Int32Array(SLOTS_AT_FIRST)
  let next = 1
  // The hash of the text at hand.
  let hash = 0
  let other = 0
  const slotOf = () => {
    const mask = numbers.length - 1
    let slot = hash & mask
    while (numbers[slot] !== 0 && (low[slot] !== hash || high[slot] !== other)) slot = (slot + 1) & mask
    return slot
  }
  const put = (number: number) => {
    const slot = slotOf()
    low[slot] = hash
    high[slot] = other
    numbers[slot] = number
  }
  const take = (text: string) => {
    hash = 0x9e3779b1 ^ text.length
    other = 0x85ebca77 ^ text.length
    for (let place = 0; place < text.length; place++) {
      const unit = text.charCodeAt(place)
      hash = Math.imul(hash ^ unit, 0x9e3779b1)
      hash ^= hash >>> 15
      other = Math.imul(other ^ unit, 0x85ebca77)
      other ^= other >>> 13
    }
  }
  const grow = () => {
    const old = { low, high, numbers }
    low = new Int32Array(numbers.length * 2)
    high = new Int32Array(low.length)
    numbers = new Int32Array(low.length)
    old.numbers.forEach((number, slot) => {
      if (number === 0) return
      hash = old.low[slot] ?? 0
      other = old.high[slot] ?? 0
      put(number)
    })
  }
  return {
    numberOf(text) {
      if (text === '') return 0
      take(text)
      const known = numbers[slotOf()] ?? 0
      if (known !== 0) return known
      put(next++)
      if (next * 2 > numbers.length) grow()
      return next - 1
    },
    find(text) {
      take(text)
      const known = numbers[slotOf()] ?? 0
      return known === 0 ? undefined : known
    },
    count: () => next,
  }
}
