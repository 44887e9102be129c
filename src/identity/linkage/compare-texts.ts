import type { Columns } from './columns.ts'
import { type Comparison, type Field, TEXT, TEXTS } from './levels.ts'
import { EXTRA } from './rows.ts'
import { isSimilar } from './similar-text.ts'
import { isOneEdit, type Words } from './words.ts'

/** Compares the other columns of a field map; residents have none. */
export function compareTexts(
  { extras, words }: Columns,
  extrasA: number,
  extrasB: number,
  into: Comparison,
): void {
  // Written out: this runs for every pair, and residents have no such columns.
  into.text1 = into.text2 = into.text3 = into.text4 = TEXT.unknown
  into.text5 = into.text6 = into.text7 = into.text8 = TEXT.unknown
  if (extrasA === 0 || extrasB === 0) return
  const [endA, endB] = [endOf(extras, extrasA), endOf(extras, extrasB)]
  let [a, b] = [firstText(extras, extrasA, endA), firstText(extras, extrasB, endB)]
  while (a < endA && b < endB) {
    const [fieldA, fieldB] = [extras[a + 1] as number, extras[b + 1] as number]
    if (fieldA === fieldB) {
      into[TEXTS[fieldA] as Field] = textLevel(words, extras[a + 2] as number, extras[b + 2] as number)
    }
    if (fieldA <= fieldB) a += TEXT_WORDS
    if (fieldB <= fieldA) b += TEXT_WORDS
  }
}

/** Texts are the last of the extras, in the order of their fields, each of three numbers. */
const TEXT_WORDS = 3

function endOf(extras: Uint32Array, start: number): number {
  return start + 1 + (extras[start] as number)
}

function firstText(extras: Uint32Array, start: number, end: number): number {
  let at = start + 1
  while (at < end && (extras[at] as number) >>> 8 !== EXTRA.text) at += 1 + ((extras[at] as number) & 0xff)
  return at
}

function textLevel(words: Words, a: number, b: number): number {
  if (a === b) return TEXT.equal
  if (isOneEdit(words, a, b)) return TEXT.near
  return isSimilar(words, a, b) ? TEXT.similar : TEXT.different
}
