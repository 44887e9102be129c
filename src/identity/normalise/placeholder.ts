import { foldKana } from './fold-kana.ts'
import { foldKanji } from './fold-kanji.ts'
import type { NameParts } from './official-name.ts'

/** What stands in place of a name: `newborn` before there is one, `unknown` for 不詳, テスト and the like. */
export type Placeholder = 'newborn' | 'unknown'

const UNKNOWN =
  /不詳|不明|身元|名無|未登録|テスト|ダミー|サンプル|匿名|(フショウ|フシヨウ|フメイ)$|^(TEST|DUMMY|UNKNOWN)\d*$/u
const NEWBORN = /ベビ|^(新生児|未命名|.*男児|.*女児|.*子児|児|BABY.*)$/u

/** Also given names: 三男 is read ミツオ by those whom it names. */
const BIRTH_ORDER: Readonly<Record<string, string>> = {
  ...{ 長男: 'チヨウナン', 次男: 'ジナン', 二男: 'ジナン', 三男: 'サンナン', 四男: 'ヨンナン' },
  ...{ 長女: 'チヨウジヨ', 次女: 'ジジヨ', 二女: 'ジジヨ', 三女: 'サンジヨ', 四女: 'ヨンジヨ' },
}

export function placeholderOf(
  kanji: NameParts | undefined,
  kana: NameParts | undefined,
): Placeholder | undefined {
  const words = [kanji?.family, kanji?.given, kana?.family, kana?.given]
  if (words.some((word) => UNKNOWN.test(plain(word)))) return 'unknown'
  if ([kanji?.given, kana?.given].some((word) => NEWBORN.test(plain(word)))) return 'newborn'
  return isBirthOrder(kanji?.given, kana?.given) ? 'newborn' : undefined
}

function isBirthOrder(kanji: string | undefined, kana: string | undefined): boolean {
  const reading = kana === undefined ? undefined : foldKana(kana)
  if (kanji === undefined) return Object.values(BIRTH_ORDER).some((each) => each === reading)
  const meant = BIRTH_ORDER[foldKanji(kanji) ?? '']
  return meant !== undefined && (reading === undefined || reading === meant)
}

function plain(word = ''): string {
  return word
    .normalize('NFKC')
    .replace(/[\s・]/gu, '')
    .toUpperCase()
}
