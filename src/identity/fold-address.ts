const KANJI_DIGITS = '〇一二三四五六七八九'
const PREFECTURE = /^(北海道|東京都|(?:京都|大阪)府|.{2,3}県)/u

/** 一丁目 … 三十九丁目: kanji digits count only in front of 丁目, 番 or 号 (三田 is a town). */
function arabic(kanji: string): string {
  const tens = /^([一二三四五六七八九]?)十([一二三四五六七八九]?)$/u.exec(kanji)
  const digit = (character: string) => String(KANJI_DIGITS.indexOf(character))
  if (tens !== null) return `${tens[1] ? digit(tens[1]) : '1'}${tens[2] ? digit(tens[2]) : '0'}`
  return [...kanji].map(digit).join('')
}

/**
 * The address down to 番地 (town, block and number), without prefecture, building and room; undefined when no
 * number is in it: a town alone confirms nobody.
 */
export function foldAddress(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(PREFECTURE, '')
    .replace(/(?<=[\d〇一二三四五六七八九十])\s+(?=[\d])/gu, ' ')
    .replace(/([〇一二三四五六七八九十]+)(?=丁目|番|号)/gu, (kanji) => arabic(kanji))
    .replace(/(\d+)\s*(?:丁目|番地の?|番|号)\s*/gu, '$1-')
    .replace(/[‐―−ー–](?=\d)/gu, '-')
    .replace(/(?<=\d)の(?=\d)/gu, '-')
    .replace(/-(?!\d)/gu, ' ')
    .replace(/大字|字(?=\S)/gu, '')
  const lot = /^(\D*?)\s*(\d+(?:-\d+){0,2})/u.exec(plain)
  if (lot?.[1] === undefined || lot[2] === undefined || lot[1].trim() === '') return undefined
  return `${lot[1]
    .replace(/\s/gu, '')
    .replace(/ケ|ヶ|が/gu, 'ヶ')
    .replace(/之|ノ/gu, 'の')}${lot[2]}`
}
