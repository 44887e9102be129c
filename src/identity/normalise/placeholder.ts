import type { NameForms } from './features.ts'

/** What stands in place of a name: `newborn` before there is one, `unknown` for 不詳, テスト and the like. */
export type Placeholder = 'newborn' | 'unknown'

/** On folded forms: small letters are large, Latin ones are in upper case. A line is a part of the name. */
const UNKNOWN =
  /不詳|不明|身元|名無|未登録|テスト|ダミー|ダミ$|サンプル|匿名|架空|行旅|検証用|フシヨウ$|フメイ$|^(?:患者|試験|模擬|訓練|見本|カンジヤ)$|^(?:TEST|DUMMY|UNKNOWN)[ \d]*$/mu
const NEWBORN = /ベビ|^(?:新生児|未命名|.*男児|.*女児|.*子児|児|BABY.*)$/mu

/** Also given names: 三男 is read ミツオ by those whom it names. */
const BIRTH_ORDER: Readonly<Record<string, string>> = {
  ...{ 長男: 'チヨウナン', 次男: 'ジナン', 二男: 'ジナン', 三男: 'サンナン', 四男: 'ヨンナン' },
  ...{ 長女: 'チヨウジヨ', 次女: 'ジジヨ', 二女: 'ジジヨ', 三女: 'サンジヨ', 四女: 'ヨンジヨ' },
}
const BIRTH_ORDER_READINGS = new Set(Object.values(BIRTH_ORDER))

/** What a folded name says of nobody. */
export function placeholderOf(
  family: NameForms,
  given: NameForms,
  whole: NameForms | undefined,
): Placeholder | undefined {
  const givenWords = linesOf(given)
  if (UNKNOWN.test(`${linesOf(family)}\n${givenWords}\n${linesOf(whole ?? {})}`)) return 'unknown'
  return NEWBORN.test(givenWords) || isBirthOrder(given) ? 'newborn' : undefined
}

function linesOf({ kanji = '', kana = '', latin = '' }: NameForms): string {
  return `${kanji}\n${kana}\n${latin}`
}

function isBirthOrder({ kanji, kana }: NameForms): boolean {
  if (kanji !== undefined && kanji.length !== 2) return false
  if (kanji === undefined) return kana !== undefined && BIRTH_ORDER_READINGS.has(kana)
  const meant = BIRTH_ORDER[kanji]
  return meant !== undefined && (kana === undefined || kana === meant)
}
