import { randomBytes } from 'node:crypto'

const ID_BYTES = 16
/** Drawn at once: asking for random bytes costs as much for a thousand ids as for one. */
const DRAWN_BYTES = 1_024 * ID_BYTES
let drawn = Buffer.alloc(0)
let used = 0

/** An opaque identifier of 128 random bits, base64url: nothing can be guessed or counted from it. */
export function randomId(): string {
  if (used === drawn.length) {
    drawn = randomBytes(DRAWN_BYTES)
    used = 0
  }
  used += ID_BYTES
  return drawn.toString('base64url', used - ID_BYTES, used)
}

/** 256 random bits, base64url, for salts. */
export function randomSalt(): string {
  return randomBytes(32).toString('base64url')
}
