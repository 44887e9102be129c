import type { Draft } from './draft.ts'
import type { Spoilers } from './spoilers.ts'

const LARGE: Readonly<Record<string, string>> = Object.fromEntries(
  [...'ァアィイゥウェエォオッツャヤュユョヨヮワ'].reduce<[string, string][]>(
    (pairs, character, place, all) => {
      if (place % 2 === 0) pairs.push([character, all[place + 1] ?? ''])
      return pairs
    },
    [],
  ),
)

/** 連濁: the first sound of a name's second part, voiced in one family and not in the other. */
const VOICED: readonly (readonly [RegExp, string])[] = [
  [/(.)ジマ$/, '$1シマ'],
  [/(.)ザキ$/, '$1サキ'],
  [/(.)サキ$/, '$1ザキ'],
  [/(.)ザワ$/, '$1サワ'],
  [/(.)サワ$/, '$1ザワ'],
  [/(.)ダ$/, '$1タ'],
  [/(.)タ$/, '$1ダ'],
  [/(.)ガワ$/, '$1カワ'],
  [/(.)カワ$/, '$1ガワ'],
  [/(.)グチ$/, '$1クチ'],
  [/(.)バ$/, '$1ハ'],
  [/(.)バラ$/, '$1ハラ'],
  [/(.)ハラ$/, '$1バラ'],
]

const LONG: readonly (readonly [RegExp, string])[] = [
  [/オオ/, 'オウ'],
  [/オオ/, 'オ'],
  [/コウ/, 'コー'],
  [/ユウ/, 'ユー'],
  [/ユウ/, 'ユ'],
  [/ョウ/, 'ョー'],
  [/ョウ/, 'ョ'],
  [/トウ/, 'トオ'],
  [/ロウ/, 'ロオ'],
  [/ケイ/, 'ケー'],
  [/ー/, ''],
]

const LIKE: Readonly<Record<string, string>> = {
  シ: 'ツ',
  ツ: 'シ',
  ソ: 'ン',
  ン: 'ソ',
  ク: 'ケ',
  マ: 'ミ',
  コ: 'ユ',
  ユ: 'コ',
  ワ: 'ウ',
  ウ: 'ワ',
  チ: 'テ',
  ミ: 'シ',
  ヒ: 'ビ',
  ト: 'ド',
  リ: 'ソ',
}

const HALF_WIDTH_FROM =
  '。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜'

/** What goes wrong in a name's reading. */
export const KANA_SPOILERS: Spoilers = {
  'sound-change': (draft, random) => {
    const possible = VOICED.filter(([from]) => from.test(draft.kana?.family ?? ''))
    if (possible.length === 0) return false
    const [from, to] = random.pick(possible)
    return changeKana(draft, (kana, part) => (part === 'family' ? kana.replace(from, to) : kana))
  },
  'long-vowel': (draft, random) => {
    const [from, to] = random.pick(LONG)
    return changeKana(draft, (kana) => kana.replace(from, to))
  },
  'kana-mistyped': (draft, random) => {
    const part = random.chance(0.5) ? 'family' : 'given'
    const kana = draft.kana?.[part] ?? ''
    const places = [...kana].flatMap((character, place) => (LIKE[character] === undefined ? [] : [place]))
    if (places.length === 0) return false
    const wrong = random.pick(places)
    return changeKana(draft, (text, each) =>
      each === part
        ? [...text].map((character, place) => (place === wrong ? LIKE[character] : character)).join('')
        : text,
    )
  },
  'small-kana-enlarged': (draft) =>
    changeKana(draft, (kana) => kana.replace(/[ァィゥェォッャュョヮ]/g, (small) => LARGE[small] ?? small)),
  'old-kana': (draft, random) => {
    const [from, to] = random.pick([
      [/ジ/, 'ヂ'],
      [/ズ/, 'ヅ'],
      [/オ$/, 'ヲ'],
      [/ヱ|エ$/, 'ヱ'],
      [/イ$/, 'ヰ'],
    ] as const)
    return changeKana(draft, (kana) => kana.replace(from, to))
  },
  hiragana: (draft) =>
    changeKana(draft, (kana) =>
      kana.replace(/[ァ-ヴ]/g, (katakana) => String.fromCharCode(katakana.charCodeAt(0) - 0x60)),
    ),
  'half-width-kana': (draft) => changeKana(draft, toHalfWidth),
}

/** JIS X 0201 has no half-width form of these. */
const WITHOUT_HALF_WIDTH: Readonly<Record<string, string>> = {
  ヰ: 'イ',
  ヱ: 'エ',
  ヮ: 'ワ',
  ヵ: 'カ',
  ヶ: 'ケ',
}

/** JIS X 0201 kana; a voiced sound becomes two characters. */
export function toHalfWidth(kana: string): string {
  let written = ''
  const writable = kana.replace(/[ヰヱヮヵヶ]/g, (lacking) => WITHOUT_HALF_WIDTH[lacking] ?? lacking)
  for (const character of writable.normalize('NFD').replaceAll('\u3099', '゛').replaceAll('\u309a', '゜')) {
    const place = HALF_WIDTH_FROM.indexOf(character)
    written += place < 0 ? character : String.fromCharCode(0xff61 + place)
  }
  return written
}

function changeKana(draft: Draft, change: (kana: string, part: 'family' | 'given') => string): boolean {
  const { kana } = draft
  if (kana === undefined) return false
  const family = change(kana.family, 'family')
  const given = change(kana.given, 'given')
  if (family === kana.family && given === kana.given) return false
  draft.kana = { family, given }
  return true
}
