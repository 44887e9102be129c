import { createHmac } from 'node:crypto'
import { isMyNumber } from './my-number.ts'

/** 個人番号, and the identifier for medicine and other fields that is to come (医療等ID). */
export type NationalId = 'my-number' | 'medical-id'

export interface NationalIdRule {
  /** Whether the law lets this hub hold the identifier in this form. Unless it says so, nothing is keyed. */
  allowed?: boolean
  /** Of at least 32 bytes, kept apart from the database: whoever holds both could try all numbers. */
  secret: Uint8Array
}

const SECRET_BYTES_MIN = 32
const SEPARATORS = /[\s\-‐‑‒–—―−ー・]/gu

/** The form of the 医療等ID is not published yet; a letter or digit at least is one. */
const MEDICAL_ID = /^[0-9A-Z]{8,40}$/

/**
 * The form in which a national identifier may be matched: its kind and an HMAC-SHA-256 under the hub's own secret,
 * never the number.
 * Undefined unless allowed, and for what is no such identifier (a check digit that does not hold).
 */
export function keyNationalId(kind: NationalId, value: string, rule: NationalIdRule): string | undefined {
  if (rule.allowed !== true) return undefined
  if (rule.secret.byteLength < SECRET_BYTES_MIN)
    throw new RangeError('The secret must have 32 bytes or more.')
  const plain = value.normalize('NFKC').replace(SEPARATORS, '').toUpperCase()
  const isSound = kind === 'my-number' ? isMyNumber(plain) : MEDICAL_ID.test(plain)
  if (!isSound) return undefined
  return `${kind}:${createHmac('sha256', rule.secret).update(`${kind}\0${plain}`).digest('base64url')}`
}
