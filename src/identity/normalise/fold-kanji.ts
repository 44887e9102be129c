import { KANJI_VARIANTS } from './kanji-variants.ts'

const FOLD = new Map(
  Object.entries(KANJI_VARIANTS).flatMap(([form, variants]) =>
    [...variants].map((variant) => [variant, form] as const),
  ),
)

/** Variation selectors choose a shape of a character, not another character. */
const VARIATION = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu

/** What systems write for a character they do not have, and characters of somebody's own (外字). */
const UNREADABLE = /[●〓□?\u{FFFD}\p{Co}]/u

const REPEAT = '々〻'

/**
 * The comparison form of a name in kanji: compatibility forms and variants folded one step, repeat marks
 * written out, without spaces. Undefined when a character could not be read: then it neither agrees nor differs.
 */
export function foldKanji(name: string): string | undefined {
  const plain = name.normalize('NFKC').replace(VARIATION, '').replace(/\s/gu, '').toUpperCase()
  if (plain === '' || UNREADABLE.test(plain)) return undefined
  let folded = ''
  let last = ''
  for (const character of plain) {
    if (!REPEAT.includes(character)) last = FOLD.get(character) ?? character
    folded += last
  }
  return folded
}

/** A surname has more spellings of its small words: 三ツ橋 and 三ッ橋, 一之瀬 and 一ノ瀬, 関ヶ原 and 関が原. */
export function foldSurname(name: string): string | undefined {
  return foldKanji(name)
    ?.replace(/[ヶケが]/gu, 'ケ')
    .replace(/[之ノの]/gu, 'ノ')
    .replace(/[ッツっつ]/gu, 'ツ')
}
