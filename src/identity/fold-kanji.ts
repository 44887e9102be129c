/**
 * Variants of name kanji that one person's records write interchangeably, folded one step to the form on the
 * left. No closure: 斉 (齊) and 斎 (齋), 崎 and 埼, 沢 and 択 stay apart, because they are different names.
 * NFKC folds none of these. A fuller table is made from the national character tables later.
 */
const VARIANTS: Record<string, string> = {
  高: '髙',
  崎: '﨑嵜碕',
  辺: '邊邉',
  斎: '齋',
  斉: '齊',
  沢: '澤',
  浜: '濵濱',
  徳: '德',
  柳: '栁',
  富: '冨',
  島: '嶋嶌',
  吉: '𠮷',
  真: '眞',
  国: '國',
  広: '廣',
  滝: '瀧',
  竜: '龍',
  桜: '櫻',
  関: '關',
  黒: '黑',
  瀬: '瀨',
  塚: '塚',
  隆: '隆',
  館: '舘',
  峰: '峯',
  野: '埜',
  与: '與',
  円: '圓',
  児: '兒',
  恵: '惠',
  実: '實',
  寿: '壽',
  豊: '豐',
  栄: '榮',
  桑: '桒',
  柴: '柴',
  条: '條',
  万: '萬',
  静: '靜',
  将: '將',
  蔵: '藏',
  戸: '戶',
  神: '神',
  福: '福',
  祐: '祐',
  礼: '禮',
  晃: '晄',
  遥: '遙',
  // 亜 and 曾 are the forms in today's list of name characters.
  亜: '亞',
  曽: '曾',
}

const FOLD = new Map(
  Object.entries(VARIANTS).flatMap(([form, variants]) =>
    [...variants].map((variant) => [variant, form] as const),
  ),
)

/** Ideographic variation selectors and standardised ones: a choice of shape, not of character. */
const VARIATION = /[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]/gu

/** What an insurer's system writes for a character it does not have. */
const UNREADABLE = /[●〓□?]/u

/** The comparison form of a kanji name; undefined when a character could not be read. */
export function foldKanji(name: string): string | undefined {
  const plain = name.normalize('NFKC').replace(VARIATION, '').replace(/\s+/gu, '')
  if (plain === '' || UNREADABLE.test(plain)) return undefined
  let folded = ''
  let last = ''
  for (const character of plain) {
    const current = character === '々' || character === '〻' ? last : (FOLD.get(character) ?? character)
    folded += current
    last = current
  }
  return folded
}
