const SMALL = 'ァィゥェォッャュョヮ'
const LARGE = 'アイウエオツヤユヨワ'
const OLD: Record<string, string> = {
  ヂ: 'ジ',
  ヅ: 'ズ',
  ヲ: 'オ',
  ヰ: 'イ',
  ヱ: 'エ',
  ヴ: 'ブ',
  ヵ: 'カ',
  ヶ: 'ケ',
}

/**
 * The comparison form of a kana name: full width, katakana, large letters (ショウ and シヨウ are one reading),
 * today's spelling, without long marks, dots and spaces. Undefined when it holds anything but kana.
 */
export function foldKana(name: string): string | undefined {
  const katakana = name
    .normalize('NFKC')
    .normalize('NFC')
    .replace(/[\u3041-\u3096]/gu, (kana) => String.fromCodePoint((kana.codePointAt(0) ?? 0) + 0x60))
    .replace(/[ー\-・\s]/gu, '')
  let folded = ''
  for (const kana of katakana) {
    const small = SMALL.indexOf(kana)
    folded += small >= 0 ? LARGE[small] : (OLD[kana] ?? kana)
  }
  return /^[ァ-ヴ]+$/u.test(folded) ? folded : undefined
}
