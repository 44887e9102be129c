import type { JsonValue } from '../../kernel/strict-json.ts'

/** Twelve digits on end, or in three groups of four as on the card. After + they are a telephone number. */
const TWELVE = /(?<![\d+])(?=(\d{12}|\d{4}[\s\-_/,]{1,3}\d{4}[\s\-_/,]{1,3}\d{4})(?!\d))/gu

/** Its last group is twelve characters that may all be digits. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu

const DIGITS = 12

const DASHES = /[‐‑‒–—―−ー・.]/gu
const INVISIBLE = /\p{Cf}/gu

/** Whether the text holds twelve digits that could be an Individual Number (個人番号). */
export function looksLikeMyNumber(text: string): boolean {
  if (!mayHoldTwelve(text)) return false
  const plain = text.normalize('NFKC').replace(INVISIBLE, '').replace(UUID, ' ').replace(DASHES, '-')
  return [...plain.matchAll(TWELVE)].some(([, digits = '']) => hasCheckDigit(digits.replace(/\D/gu, '')))
}

/** A number that JSON writes shorter than its digits are. */
const EXPONENT = /\d[eE][+\d]/

/**
 * Whether a text of JSON is worth looking through for an Individual Number: a quotation mark ends a number, so nothing
 * in it holds one where the whole does not, unless it is written with escapes or exponents.
 */
export function mayHoldMyNumber(json: string): boolean {
  return mayHoldTwelve(json) || json.includes('\\') || EXPONENT.test(json)
}

/** May stand between two digits of a number: what parts them, and letters of a UUID, which goes out of the text. */
const BETWEEN = ' \t\n\v\f\r-_/,.abcdefABCDEF・ー･ｰ'
const DIGITS_OF_ONE_MAX = 3
const ENDS = 0xff
/** By UTF-16 unit: how many digits it may stand for after NFKC, in which one sign (㉟, ⒛, ½) stands for up to three. */
const DIGITS_OF = digitsOf()

/** Whether as many digits stand with nothing between them that ends a number. Quick, and never no where it could be. */
function mayHoldTwelve(text: string): boolean {
  if (text.length * DIGITS_OF_ONE_MAX < DIGITS) return false
  let digits = 0
  for (let at = 0; at < text.length; at++) {
    const more = DIGITS_OF[text.charCodeAt(at)] as number
    if (more === ENDS) digits = 0
    else if (more > 0) {
      digits += more
      if (digits >= DIGITS) return true
    }
  }
  return false
}

function digitsOf(): Uint8Array {
  const digits = new Uint8Array(0x1_0000).fill(DIGITS_OF_ONE_MAX)
  // ASCII, kana in either width and kanji: no digit, and none after NFKC.
  digits.fill(ENDS, 0, 0x80)
  digits.fill(ENDS, 0x3041, 0x3100)
  digits.fill(ENDS, 0x3400, 0xa000)
  digits.fill(ENDS, 0xff65, 0xffa0)
  digits.fill(1, 0x30, 0x3a)
  for (const sign of BETWEEN) digits[sign.charCodeAt(0)] = 0
  // Wide signs are shapes of ASCII, the wide space of its space.
  digits.copyWithin(0xff01, 0x21, 0x7f)
  digits[0x3000] = 0
  return digits
}

/**
 * Looks through every key, string and number of a resource but identifiers of a registered system, where twelve
 * digits are somebody's own id. The law does not let the hub hold an Individual Number: refuse the resource.
 */
export function holdsMyNumber(value: JsonValue, isRegistered: (system: string) => boolean): boolean {
  if (typeof value === 'string') return looksLikeMyNumber(value)
  if (typeof value === 'number') return looksLikeMyNumber(String(value))
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some((each) => holdsMyNumber(each, isRegistered))
  const isOwnId =
    typeof value.system === 'string' && typeof value.value === 'string' && isRegistered(value.system)
  return Object.entries(value).some(
    ([key, each]) =>
      looksLikeMyNumber(key) || (!(isOwnId && key === 'value') && holdsMyNumber(each, isRegistered)),
  )
}

/** Twelve digits with their check digit. */
export function isMyNumber(digits: string): boolean {
  return /^\d{12}$/.test(digits) && hasCheckDigit(digits)
}

/** Ministerial order 85 of 2014, article 5: digits from the right of the check digit × 2…7, 2…6. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let n = 1; n <= 11; n++) sum += Number(digits[11 - n]) * (n <= 6 ? n + 1 : n - 5)
  const remainder = sum % 11
  return Number(digits[11]) === (remainder <= 1 ? 0 : 11 - remainder)
}
