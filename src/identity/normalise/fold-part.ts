import type { Script } from './demographics.ts'
import type { NameForms } from './features.ts'
import { exactKana, foldExactKana } from './fold-kana.ts'
import { foldKanji, foldSurname } from './fold-kanji.ts'
import { foldLatin } from './fold-latin.ts'
import { type Marks, marksOf } from './placeholder.ts'
import { remembered } from './remembered.ts'

/** One part of a name: its folded forms in the script that it is written in, and whether it may be nobody's. */
export interface FoldedPart {
  forms: NameForms
  marks: Marks
}

const NOTHING: FoldedPart = { forms: {}, marks: 0 }

export function foldPart(
  text: string | undefined,
  script: Script,
  part: 'family' | 'given' | 'whole',
): FoldedPart {
  if (text === undefined || text === '') return NOTHING
  if (script === 'ABC') return latin(text)
  if (script === 'SYL') return reading(text)
  return part === 'given' ? givenName(text) : surname(text)
}

/** A name in kana as its own reading. */
export function foldReading({ kanji }: NameForms): FoldedPart {
  const part = kanji === undefined ? NOTHING : reading(kanji)
  return part.forms.kanaExact === undefined ? NOTHING : part
}

const surname = remembered((text) => foldedPart(text, { kanji: foldSurname(text) }))
const givenName = remembered((text) => foldedPart(text, { kanji: foldKanji(text) }))
const latin = remembered((text) => foldedPart(text, { latin: foldLatin(text) }))
const reading = remembered((text) => {
  const kanaExact = exactKana(text)
  return foldedPart(text, kanaExact === undefined ? {} : { kana: foldExactKana(kanaExact), kanaExact })
})

function foldedPart(text: string, forms: NameForms): FoldedPart {
  return { forms, marks: marksOf(text, forms) }
}
