import { withoutLongVowels } from './loose-kana.ts'

/** The rows of the syllabary: how a consonant is written (Hepburn, Kunrei, passports) and its five letters. */
const ROWS: readonly (readonly [string, string])[] = [
  ...([
    ['', 'アイウエオ'],
    ['K', 'カキクケコ'],
    ['S', 'サシスセソ'],
    ['T', 'タチツテト'],
  ] as const),
  ...([
    ['N', 'ナニヌネノ'],
    ['H', 'ハヒフヘホ'],
    ['M', 'マミムメモ'],
    ['R', 'ラリルレロ'],
  ] as const),
  ...([
    ['L', 'ラリルレロ'],
    ['G', 'ガギグゲゴ'],
    ['Z', 'ザジズゼゾ'],
    ['D', 'ダジズデド'],
  ] as const),
  ...([
    ['B', 'バビブベボ'],
    ['V', 'バビブベボ'],
    ['P', 'パピプペポ'],
    ['Y', 'ヤイユエヨ'],
    ['W', 'ワイウエオ'],
  ] as const),
  ...([
    ['SH', '-シ---'],
    ['CH', '-チ---'],
    ['TS', '--ツ--'],
    ['J', '-ジ---'],
    ['F', '--フ--'],
  ] as const),
]

/** Consonants that glide into ヤ, ユ, ヨ (large, as folded readings have them), by the letter they start from. */
const GLIDES = {
  ...{ KY: 'キ', SH: 'シ', SY: 'シ', CH: 'チ', TY: 'チ', NY: 'ニ', HY: 'ヒ', MY: 'ミ', RY: 'リ' },
  ...{ GY: 'ギ', J: 'ジ', JY: 'ジ', ZY: 'ジ', DY: 'ジ', BY: 'ビ', PY: 'ピ' },
} as const

const VOWELS = 'AIUEO'
const SYLLABLES = new Map([
  ...ROWS.flatMap(([consonant, letters]) =>
    [...letters].flatMap((kana, at) => (kana === '-' ? [] : [[consonant + VOWELS[at], kana] as const])),
  ),
  ...Object.entries(GLIDES).flatMap(([consonant, kana]) => [
    ...([
      [`${consonant}A`, `${kana}ヤ`],
      [`${consonant}U`, `${kana}ユ`],
      [`${consonant}O`, `${kana}ヨ`],
    ] as const),
  ]),
  ['N', 'ン'] as const,
])
const SYLLABLE_MAX = 3

/** OH for a long O, before a consonant or at the end: OHNO, SATOH. */
const LONG_O = /OH(?![AIUEOY])/g
/** M before B, M and P: SHIMBA. */
const NASAL = /M(?=[BMP])/g
/** A doubled consonant is ッ, as is TCH: HATTORI, HATCHO. */
const DOUBLED = /([KSTPGDBZ])(?=\1)|T(?=CH)/g

/**
 * The reading that a Japanese name in Latin letters stands for, folded and without long vowels (which Latin letters
 * leave out): SATO, SATOU and SATOH are サト. Compare with `withoutLongVowels`. Undefined where a word is no such name.
 */
export function romajiKana(latin: string): string | undefined {
  const letters = latin.replaceAll(' ', '').replace(LONG_O, 'O').replace(NASAL, 'N').replace(DOUBLED, 'ッ')
  let kana = ''
  for (let at = 0; at < letters.length; ) {
    if (letters.charAt(at) === 'ッ') {
      kana += 'ツ'
      at++
      continue
    }
    let length = Math.min(SYLLABLE_MAX, letters.length - at)
    while (length > 0 && !SYLLABLES.has(letters.slice(at, at + length))) length--
    if (length === 0) return undefined
    kana += SYLLABLES.get(letters.slice(at, at + length)) ?? ''
    at += length
  }
  return kana === '' || kana.startsWith('ン') ? undefined : withoutLongVowels(kana)
}
