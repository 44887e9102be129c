const SMALL = 'ァィゥェォッャュョヮヵヶ'
const LARGE = 'アイウエオツヤユヨワカケ'
const OLD = 'ヂヅヲヰヱヴ'
const TODAY = 'ジズオイエブ'

const FOLD = new Map([...SMALL, ...OLD].map((kana, at) => [kana, [...LARGE, ...TODAY][at] as string]))

/** Long marks, whatever key they were typed with, dots and spaces: systems keep or drop them at will. */
const DROPPED = /[ー‐‑‒–—―−\-・\s]/gu

/**
 * The comparison form of a reading: full width, katakana, large letters (ショウ and シヨウ are one reading),
 * today's spelling, without long marks. Undefined when it holds anything but kana.
 */
export function foldKana(reading: string): string | undefined {
  const katakana = reading
    .replace(/゛/gu, '\u3099')
    .replace(/゜/gu, '\u309A')
    .normalize('NFKC')
    .replace(/[\u3041-\u3096\u309D\u309E]/gu, (kana) =>
      String.fromCodePoint((kana.codePointAt(0) ?? 0) + 0x60),
    )
    .replace(DROPPED, '')
  let folded = ''
  for (const kana of katakana) {
    folded += kana === 'ヽ' || kana === 'ヾ' ? repeated(folded.at(-1), kana) : (FOLD.get(kana) ?? kana)
  }
  return /^[ア-ン]+$/u.test(folded) ? folded : undefined
}

/** ヽ repeats the letter before it, ヾ with a voiced sound: ミスヾ is ミスズ. */
function repeated(before: string | undefined, mark: string): string {
  return mark === 'ヽ' ? (before ?? '') : `${before ?? ''}\u3099`.normalize('NFC')
}
