import type { NameForms } from './features.ts'

/** What stands in place of a name: `newborn` before there is one, `unknown` for 不詳, テスト and the like. */
export type Placeholder = 'newborn' | 'unknown'

/** On folded forms: small letters are large, Latin ones are in upper case. A line is a part of the name. */
const UNKNOWN =
  /不詳|不明|身元|名無|未登録|テスト|ダミー|ダミ$|サンプル|匿名|架空|行旅|検証用|フシヨウ$|フメイ$|^(?:患者|試験|模擬|訓練|見本|カンジヤ)$|^(?:TEST|DUMMY|UNKNOWN)[ \d]*$/mu
const NEWBORN = /ベビ|^(?:新生児|未命名|.*男児|.*女児|.*子児|児|第.+子|BABY.*)$/mu

/**
 * Digits of any width, circled or raised, but not the circled kanji (㊀), which are read as kanji. No name has one: a
 * family register takes kanji and kana alone (戸籍法施行規則 article 60), a passport no numerals (ICAO Doc 9303-3).
 * Kanji numerals are names (一, 三郎).
 */
const DIGIT = /[[\p{Nd}\p{No}]--[\u3192-\u3195\u3220-\u3229\u3280-\u3289]]/v

/** A number that something was counted with: 二号, 三番目. */
const COUNTED = /^第?[〇一二三四五六七八九十百]+(?:号|番|番目|人目|例目)$/mu

/** Also given names: 三男 is read ミツオ by those whom it names. */
const BIRTH_ORDER: ReadonlyMap<string, string> = new Map([
  ...Object.entries({
    長男: 'チヨウナン',
    次男: 'ジナン',
    二男: 'ジナン',
    三男: 'サンナン',
    四男: 'ヨンナン',
  }),
  ...Object.entries({
    長女: 'チヨウジヨ',
    次女: 'ジジヨ',
    二女: 'ジジヨ',
    三女: 'サンジヨ',
    四女: 'ヨンジヨ',
  }),
])
const BIRTH_ORDER_READINGS = new Set(BIRTH_ORDER.values())

/** What a part of a name may be instead of one, in bits. */
export type Marks = number
const UNKNOWN_MARK = 1
const NEWBORN_MARK = 2
const COUNTED_MARK = 4
const DIGIT_MARK = 8

/** Of one part in one script; `written` is the part before folding, which takes digits away. */
export function marksOf(written: string, { kanji = '', kana = '', latin = '' }: NameForms): Marks {
  const words = `${kanji}\n${kana}\n${latin}`
  return (
    (UNKNOWN.test(words) ? UNKNOWN_MARK : 0) |
    (NEWBORN.test(words) ? NEWBORN_MARK : 0) |
    (COUNTED.test(words) ? COUNTED_MARK : 0) |
    (DIGIT.test(written) ? DIGIT_MARK : 0)
  )
}

/** What a name says of nobody, by the marks of its parts in all scripts. */
export function placeholderOf(
  marks: Readonly<Record<'family' | 'given' | 'whole', Marks>>,
  given: NameForms,
): Placeholder | undefined {
  const any = marks.family | marks.given | marks.whole
  if ((any & UNKNOWN_MARK) !== 0) return 'unknown'
  if ((marks.given & NEWBORN_MARK) !== 0 || isBirthOrder(given)) return 'newborn'
  return (any & DIGIT_MARK) !== 0 || (marks.given & COUNTED_MARK) !== 0 ? 'unknown' : undefined
}

function isBirthOrder({ kanji, kana }: NameForms): boolean {
  if (kanji !== undefined && kanji.length !== 2) return false
  if (kanji === undefined) return kana !== undefined && BIRTH_ORDER_READINGS.has(kana)
  const meant = BIRTH_ORDER.get(kanji)
  return meant !== undefined && (kana === undefined || kana === meant)
}
