import { createHmac } from 'node:crypto'
import { must } from '../../kernel/must.ts'
import { NATIONAL_ID_SECRET_BYTES_MIN, type NationalId } from '../../vocabulary/index.ts'
import { isMyNumber } from './my-number.ts'

export interface NationalIdRule {
  /** Those that the law lets this hub hold in this form. Nothing else is keyed. */
  allowed: readonly NationalId[]
  /** Of NATIONAL_ID_SECRET_BYTES_MIN or more. */
  secret: Uint8Array
}

const SEPARATORS = /[\s\-‐‑‒–—―−ー・]/gu

/** The form of the 医療等ID is not published yet; a letter or digit at least is one. */
const MEDICAL_ID = /^[0-9A-Z]{8,40}$/

/**
 * The form in which a national identifier may be kept and matched: its kind and an HMAC-SHA-256 under the hub's own
 * secret, never the number.
 * Undefined unless allowed, and for what is no such identifier (a check digit that does not hold).
 */
export function keyNationalId(kind: NationalId, value: string, rule: NationalIdRule): string | undefined {
  must(
    rule.secret.byteLength >= NATIONAL_ID_SECRET_BYTES_MIN,
    'a secret was looked at when it was configured',
  )
  if (!rule.allowed.includes(kind)) return undefined
  const plain = plainNationalId(value)
  const isSound = kind === 'my-number' ? isMyNumber(plain) : MEDICAL_ID.test(plain)
  if (!isSound) return undefined
  return `${kind}:${createHmac('sha256', rule.secret).update(`${kind}\0${plain}`).digest('base64url')}`
}

/** Without what may part its digits, in whatever width. */
export function plainNationalId(text: string): string {
  return text.normalize('NFKC').replace(SEPARATORS, '').toUpperCase()
}

const KEYED = /^(?:my-number|medical-id):[A-Za-z0-9_-]{43}$/

/** Whether it is an identifier as `keyNationalId` gives it. */
export function isKeyedNationalId(value: string): boolean {
  return KEYED.test(value)
}
