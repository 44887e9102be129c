import { foldConfusable } from '../normalise/index.ts'
import { hashText } from './hash.ts'

/** Stands for one character that could not be read. */
const UNREADABLE = '●'
const UNREADABLE_CODE = UNREADABLE.charCodeAt(0)

const MUNICIPAL = /.[市郡区]./u

/**
 * The distinct texts of some registrations. An id is a place in these arrays, 0 is no text. Ids depend on the order
 * in which texts came, so nothing but equality may be read from them; `high` and `low` hash the text itself.
 */
export interface Words {
  readonly count: number
  /** UTF-16 of all texts, one after another; text `id` ends where the next starts. */
  readonly codes: Uint16Array
  readonly starts: Uint32Array
  readonly high: Uint32Array
  readonly low: Uint32Array
  /** 1 where a character could not be read. */
  readonly unreadable: Uint8Array
  /** 1 where a municipality is written out, with something after it. */
  readonly municipal: Uint8Array
  /** The id of the form that all of a confusable class share (斉 and 斎); its own where there is none. */
  readonly confusable: Uint32Array
}

export interface WordsBuilder {
  /** 0 for no text. */
  idOf(text: string | undefined): number
  textOf(id: number): string
  finish(): Words
}

export function wordsBuilder(): WordsBuilder {
  const ids = new Map<string, number>([['', 0]])
  const texts: string[] = ['']
  const idOf = (text: string | undefined): number => {
    if (text === undefined) return 0
    const known = ids.get(text)
    if (known !== undefined) return known
    ids.set(text, texts.length)
    return texts.push(text) - 1
  }
  return { idOf, textOf: (id) => texts[id] ?? '', finish: () => wordsOf(texts, idOf) }
}

function wordsOf(texts: readonly string[], idOf: (text: string) => number): Words {
  // First: the forms are words too, and may be new ones.
  const forms = texts.map((text) => idOf(foldConfusable(text)))
  for (let id = forms.length; id < texts.length; id++) forms.push(id)
  const count = texts.length
  const words = emptyWords(
    count,
    texts.reduce((sum, text) => sum + text.length, 0),
  )
  const hash = { high: 0, low: 0 }
  let end = 0
  for (const [id, text] of texts.entries()) {
    hashText(text, hash)
    words.high[id] = hash.high
    words.low[id] = hash.low
    words.starts[id] = end
    words.confusable[id] = forms[id] ?? id
    words.municipal[id] = MUNICIPAL.test(text) ? 1 : 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === UNREADABLE_CODE) words.unreadable[id] = 1
      words.codes[end++] = code
    }
  }
  words.starts[count] = end
  return words
}

function emptyWords(count: number, length: number): Words {
  return {
    count,
    codes: new Uint16Array(new SharedArrayBuffer(2 * length)),
    starts: new Uint32Array(new SharedArrayBuffer(4 * (count + 1))),
    high: new Uint32Array(new SharedArrayBuffer(4 * count)),
    low: new Uint32Array(new SharedArrayBuffer(4 * count)),
    unreadable: new Uint8Array(new SharedArrayBuffer(count)),
    municipal: new Uint8Array(new SharedArrayBuffer(count)),
    confusable: new Uint32Array(new SharedArrayBuffer(4 * count)),
  }
}

export function lengthOf({ starts }: Words, id: number): number {
  return (starts[id + 1] as number) - (starts[id] as number)
}

export function textOf({ codes, starts }: Words, id: number): string {
  return String.fromCharCode(...codes.subarray(starts[id], starts[id + 1]))
}

/** Whether two texts agree in every character that can be read in both. */
export function agreeWhereReadable(words: Words, a: number, b: number): boolean {
  const { codes, starts } = words
  const length = lengthOf(words, a)
  if (length !== lengthOf(words, b)) return false
  const [startA, startB] = [starts[a] as number, starts[b] as number]
  for (let at = 0; at < length; at++) {
    const [codeA, codeB] = [codes[startA + at], codes[startB + at]]
    if (codeA !== codeB && codeA !== UNREADABLE_CODE && codeB !== UNREADABLE_CODE) return false
  }
  return true
}

/** Whether the one text ends with the other. */
export function isEndOfOther(words: Words, a: number, b: number): boolean {
  const { codes, starts } = words
  const length = Math.min(lengthOf(words, a), lengthOf(words, b))
  const [endA, endB] = [starts[a + 1] as number, starts[b + 1] as number]
  for (let back = 1; back <= length; back++) if (codes[endA - back] !== codes[endB - back]) return false
  return true
}

/** Whether one character more, less, other or two neighbours exchanged make the one text the other. */
export function isOneEdit(words: Words, a: number, b: number): boolean {
  const { codes, starts } = words
  const [lengthA, lengthB] = [lengthOf(words, a), lengthOf(words, b)]
  if (Math.abs(lengthA - lengthB) > 1) return false
  const [startA, startB] = [starts[a] as number, starts[b] as number]
  const shorter = Math.min(lengthA, lengthB)
  let front = 0
  while (front < shorter && codes[startA + front] === codes[startB + front]) front++
  let back = 0
  while (
    back < shorter - front &&
    codes[startA + lengthA - 1 - back] === codes[startB + lengthB - 1 - back]
  ) {
    back++
  }
  const [leftA, leftB] = [lengthA - front - back, lengthB - front - back]
  if (Math.max(leftA, leftB) === 1) return true
  return (
    leftA === 2 &&
    leftB === 2 &&
    codes[startA + front] === codes[startB + front + 1] &&
    codes[startA + front + 1] === codes[startB + front]
  )
}
