import { type Features, foldConfusable } from '../normalise/index.ts'
import { rowsPacker } from './columns.ts'
import { hashText } from './hash.ts'
import { type HashedWords, UNREADABLE } from './words.ts'

/** As much of columns as keys are made of. */
export interface KeyedColumns {
  readonly rows: Uint32Array
  readonly extras: Uint32Array
  readonly words: HashedWords
}

/** Packs registrations one after another, each in the place of the one before, for whoever wants their keys alone. */
export function keyedColumnsBuilder(): (features: Features) => KeyedColumns {
  const words = hashedWords()
  const packer = rowsPacker(1, words.idOf)
  return (features) => {
    packer.clear()
    words.clear()
    packer.add(features)
    return { ...packer.packed(), words: words.words() }
  }
}

/** Words that are soon forgotten, each as often as it comes: to look it up would take longer than to hash it. */
function hashedWords() {
  const hash = { high: 0, low: 0 }
  let words = room(64)
  let count = 1
  const add = (text: string): number => {
    if (count === words.high.length) words = grown(words)
    const id = count++
    hashText(text, hash)
    words.high[id] = hash.high
    words.low[id] = hash.low
    words.unreadable[id] = text.includes(UNREADABLE) ? 1 : 0
    words.confusable[id] = id
    return id
  }
  return {
    idOf(text: string | undefined): number {
      if (text === undefined || text === '') return 0
      const id = add(text)
      const form = foldConfusable(text)
      if (form === text) return id
      // Apart: to add a word may make new arrays.
      const common = add(form)
      words.confusable[id] = common
      return id
    },
    words: (): HashedWords => words,
    clear() {
      count = 1
    },
  }
}

function room(count: number): HashedWords {
  return {
    high: new Uint32Array(count),
    low: new Uint32Array(count),
    unreadable: new Uint8Array(count),
    confusable: new Uint32Array(count),
  }
}

function grown(words: HashedWords): HashedWords {
  const larger = room(2 * words.high.length)
  larger.high.set(words.high)
  larger.low.set(words.low)
  larger.unreadable.set(words.unreadable)
  larger.confusable.set(words.confusable)
  return larger
}
