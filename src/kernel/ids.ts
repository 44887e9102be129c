import { randomBytes } from 'node:crypto'

/** An opaque identifier of 128 random bits, base64url: nothing can be guessed or counted from it. */
export function randomId(): string {
  return randomBytes(16).toString('base64url')
}

/** 256 random bits, base64url, for salts. */
export function randomSalt(): string {
  return randomBytes(32).toString('base64url')
}
