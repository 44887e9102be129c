const SMALL = 'ァィゥェォッャュョヮヵヶ'
const LARGE = 'アイウエオツヤユヨワカケ'
const OLD = 'ヂヅヲヰヱヴヷヸヹヺ'
const TODAY = 'ジズオイエブバビベボ'
const FOLD = new Map([...SMALL, ...OLD].map((kana, at) => [kana, [...LARGE, ...TODAY][at] as string]))

/** ヴァ, large or small, is バ; ヴ alone is ブ. */
const AFTER_V = new Map([...'ァアィイェエォオ'].map((vowel, at) => [vowel, 'ババビビベベボボ'[at] as string]))

/** Long marks, whatever key they were typed with. */
const LONG = /[ー‐‑‒–—―−\-~〜～]/gu
const DROPPED = /[\s・\p{Cc}\p{Cf}]/gu
const PLAIN = /^[ァ-ヺー]+$/u
const REPEATS = /[ヽヾ]/gu

/** Halves of voiced sounds that half width writes apart. */
const APART = /[゛゜]/gu
const VOICED = '\u3099'
const HALF_VOICED = '\u309A'
const HIRAGANA = /[ぁ-ゖゝゞ]/gu
const HIRAGANA_TO_KATAKANA = 0x60

/**
 * The comparison form of a reading: full width, katakana, large letters (ショウ and シヨウ are one reading), today's
 * spelling, without long marks, dots and spaces. Undefined when it holds anything but kana.
 */
export function foldKana(reading: string): string | undefined {
  const exact = exactKana(reading)
  return exact === undefined ? undefined : foldExactKana(exact)
}

/** The comparison form of what `exactKana` returned. */
export function foldExactKana(exact: string): string | undefined {
  let folded = ''
  for (let at = 0; at < exact.length; at++) {
    const kana = exact.charAt(at)
    const labial = kana === 'ヴ' ? AFTER_V.get(exact.charAt(at + 1)) : undefined
    if (labial !== undefined) at++
    if (kana !== 'ー') folded += labial ?? FOLD.get(kana) ?? kana
  }
  return folded === '' ? undefined : folded
}

/** The reading as it was written, in full-width katakana without spaces: small letters and long marks are kept. */
export function exactKana(reading: string): string | undefined {
  if (PLAIN.test(reading)) return reading
  const katakana = reading
    .replace(APART, (mark) => (mark === '゛' ? VOICED : HALF_VOICED))
    .normalize('NFKC')
    .replace(DROPPED, '')
    .replace(HIRAGANA, (kana) => String.fromCharCode(kana.charCodeAt(0) + HIRAGANA_TO_KATAKANA))
    .replace(LONG, 'ー')
    .replace(REPEATS, repeated)
  return PLAIN.test(katakana) ? katakana : undefined
}

/** ヽ repeats the letter before it, ヾ with a voiced sound: ミスヾ is ミスズ. */
function repeated(mark: string, at: number, text: string): string {
  const before = text.slice(0, at).replace(REPEATS, '').at(-1) ?? ''
  const voiced = (before + VOICED).normalize('NFC')
  return mark === 'ヾ' && voiced.length === before.length ? voiced : before
}
