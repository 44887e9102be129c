/** Letters that Unicode does not take apart, by what passports write for them. */
const PASSPORT: Readonly<Record<string, string>> = {
  ...{ Æ: 'AE', Œ: 'OE', Ø: 'O', Đ: 'D', Ð: 'D', Þ: 'TH', Ł: 'L', Ħ: 'H', Ŋ: 'N', ẞ: 'SS' },
}
const OTHER_LETTER = /[ÆŒØĐÐÞŁĦŊẞ]/gu
/** Kana and kanji: not worth a closer look. */
const CJK_FIRST = 0x3041
const CJK_LAST = 0x9fff

const WORDS = /^[A-Z ]+$/
const PLAIN = /^[A-Z]+$/

/** At least one Latin letter, and of other scripts none. */
const LATIN =
  /^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]*\p{Script=Latin}[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]*$/u

export function isLatin(text: string): boolean {
  if (text.charCodeAt(0) >= CJK_FIRST && text.charCodeAt(0) <= CJK_LAST) return false
  return LATIN.test(text.normalize('NFKC'))
}

/**
 * A name in Latin letters as a passport has it: upper case without accents and apostrophes, words parted by one space.
 * Undefined when letters of another script are in it, or none at all.
 */
export function foldLatin(text: string): string | undefined {
  if (PLAIN.test(text)) return text
  if (!isLatin(text)) return undefined
  const folded = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cc}\p{Cf}'’`´ʼ.]/gu, '')
    .toUpperCase()
    .replace(OTHER_LETTER, (letter) => PASSPORT[letter] ?? '')
    .replace(/[^A-Z]+/g, ' ')
    .trim()
  return WORDS.test(folded) ? folded : undefined
}
