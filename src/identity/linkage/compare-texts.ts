import type { Columns } from './columns.ts'
import { entriesOf } from './extras.ts'
import { type Comparison, TEXT, TEXTS } from './levels.ts'
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
  for (const a of entriesOf(extras, extrasA, EXTRA.text)) {
    for (const b of entriesOf(extras, extrasB, EXTRA.text)) {
      const field = TEXTS[extras[a] as number]
      if (extras[a] !== extras[b] || field === undefined) continue
      into[field] = textLevel(words, extras[a + 1] as number, extras[b + 1] as number)
    }
  }
}

function textLevel(words: Words, a: number, b: number): number {
  if (a === b) return TEXT.equal
  if (isOneEdit(words, a, b)) return TEXT.near
  return isSimilar(words, a, b) ? TEXT.similar : TEXT.different
}
