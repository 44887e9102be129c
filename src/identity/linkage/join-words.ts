import { lengthOf, type Words } from './words.ts'
import { emptyWords } from './words-builder.ts'

/** The words of several sets of registrations as one, and of each set the id that each of its words has there. */
export interface JoinedWords {
  words: Words
  idsOf: readonly Uint32Array[]
}

/** Looks for the hash of a word, not for its text: there are a million of them, and none has to become a string. */
export function joinWords(parts: readonly Words[]): JoinedWords {
  const sum = (of: (part: Words) => number) => parts.reduce((total, part) => total + of(part), 0)
  const words = emptyWords(
    sum(({ count }) => count),
    sum(({ codes }) => codes.length),
  )
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(2 * words.count + 1)))
  let count = 0
  const idOf = (part: Words, id: number): number => {
    let slot = (part.high[id] as number) & (slots.length - 1)
    while (slots[slot] !== 0) {
      const known = slots[slot] as number
      if (isSameText(words, known, part, id)) return known
      slot = (slot + 1) & (slots.length - 1)
    }
    slots[slot] = count
    appendWord(words, count, part, id)
    return count++
  }
  // The first word of each is no text, and 0 is what an empty slot holds.
  for (const part of parts.slice(0, 1)) appendWord(words, count++, part, 0)
  const idsOf = parts.map((part) => {
    const ids = new Uint32Array(part.count)
    for (let id = 1; id < part.count; id++) ids[id] = idOf(part, id)
    return ids
  })
  for (const [at, part] of parts.entries()) {
    const ids = idsOf[at] as Uint32Array
    for (let id = 1; id < part.count; id++) {
      words.confusable[ids[id] as number] = ids[part.confusable[id] as number] as number
    }
  }
  return { words: { ...words, count }, idsOf }
}

function isSameText(words: Words, known: number, part: Words, id: number): boolean {
  if (words.high[known] !== part.high[id] || words.low[known] !== part.low[id]) return false
  const length = lengthOf(part, id)
  if (lengthOf(words, known) !== length) return false
  const [from, own] = [words.starts[known] as number, part.starts[id] as number]
  for (let at = 0; at < length; at++) if (words.codes[from + at] !== part.codes[own + at]) return false
  return true
}

function appendWord(words: Words, as: number, part: Words, id: number): void {
  words.high[as] = part.high[id] as number
  words.low[as] = part.low[id] as number
  words.unreadable[as] = part.unreadable[id] as number
  words.municipal[as] = part.municipal[id] as number
  let end = words.starts[as] as number
  const last = part.starts[id + 1] as number
  for (let at = part.starts[id] as number; at < last; at++) words.codes[end++] = part.codes[at] as number
  words.starts[as + 1] = end
}
