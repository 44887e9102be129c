import type { JsonValue } from '../kernel/strict-json.ts'

/** Check digit of an Individual Number (番号法施行規則; ministerial order 85 of 2014, article 5). */
function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let n = 1; n <= 11; n++) sum += Number(digits[11 - n]) * (n <= 6 ? n + 1 : n - 5)
  const remainder = sum % 11
  return Number(digits[11]) === (remainder <= 1 ? 0 : 11 - remainder)
}

/** Whether the text holds twelve digits, however spaced or hyphenated, that could be an Individual Number. */
export function looksLikeMyNumber(text: string): boolean {
  const plain = text.normalize('NFKC').replace(/(?<=\d)[\s\-‐―−ー・.](?=\d)/gu, '')
  return [...plain.matchAll(/(?<!\d)\d{12}(?!\d)/gu)].some(([digits]) => hasCheckDigit(digits))
}

/**
 * Looks through every string of a resource but identifiers of the registered `systems`, where twelve digits are
 * somebody's own id. The law does not let the hub hold an Individual Number, so the resource must be refused.
 */
export function holdsMyNumber(value: JsonValue, systems: readonly string[]): boolean {
  if (typeof value === 'string') return looksLikeMyNumber(value)
  if (typeof value === 'number') return looksLikeMyNumber(String(value))
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some((each) => holdsMyNumber(each, systems))
  const isRegistered = typeof value.system === 'string' && systems.includes(value.system)
  return Object.entries(value).some(
    ([key, each]) =>
      !(isRegistered && key === 'value') && (looksLikeMyNumber(key) || holdsMyNumber(each, systems)),
  )
}
