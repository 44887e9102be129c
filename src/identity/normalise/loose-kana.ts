/** The vowel each folded letter ends in, by its place in the rows. */
const ROWS = {
  ア: 'アカサタナハマヤラワガザダバパ',
  イ: 'イキシチニヒミリギジビピ',
  ウ: 'ウクスツヌフムユルグズブプ',
  エ: 'エケセテネヘメレゲゼデベペ',
  オ: 'オコソトノホモヨロゴゾドボポ',
} as const
const VOWEL = new Map(Object.entries(ROWS).flatMap(([vowel, row]) => [...row].map((kana) => [kana, vowel])))

const VOICED = 'ガギグゲゴザジズゼゾダデドバビブベボパピプペポ'
const VOICELESS = 'カキクケコサシスセソタテトハヒフヘホハヒフヘホ'
const UNVOICED = new Map([...VOICED].map((kana, at) => [kana, VOICELESS[at] as string]))

/**
 * A folded reading without long vowels: コウイチ, コオイチ and コーイチ are one, and so is what Latin letters say
 * (KOICHI). For a fuzzy level only: キヨウコ (京子, キョウコ) and キヨコ (清子) become one too.
 */
export function withoutLongVowels(folded: string): string {
  let loose = ''
  let before: string | undefined
  for (const kana of folded) {
    const isLong = before !== undefined && (kana === before || (before === 'オ' && kana === 'ウ'))
    if (isLong) continue
    loose += kana
    before = VOWEL.get(kana)
  }
  return loose
}

/** A folded reading whose later letters have lost their voice (連濁): ナカジマ and ナカシマ, ヤマザキ and ヤマサキ. */
export function withoutVoicing(folded: string): string {
  let loose = folded.charAt(0)
  for (const kana of folded.slice(1)) loose += UNVOICED.get(kana) ?? kana
  return loose
}
