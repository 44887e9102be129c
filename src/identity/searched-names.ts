import type { Features } from './normalise/index.ts'

/** The folded names that a registration keeps apart from its other features, to be searched by. */
export function searchedNames({ family, given }: Features) {
  return {
    familyKana: family.kana ?? null,
    givenKana: given.kana ?? null,
    familyKanji: family.kanji ?? null,
    givenKanji: given.kanji ?? null,
  }
}
