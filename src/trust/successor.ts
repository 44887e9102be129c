import { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import { regionIdSchema } from './claims.ts'
import type { SigningKey } from './keys.ts'
import { freshClaims } from './request.ts'
import { signToken } from './token.ts'

/** Everybody who pinned the old key reads it, so it is addressed to nobody in particular. */
export const SUCCESSOR_AUDIENCE = 'tsunagi-successor'

/** `tsunagi-successor+jwt`: the holder of a key names the thumbprint of its next one. */
export const successorClaimsSchema = z.strictObject({
  iss: regionIdSchema,
  aud: z.literal(SUCCESSOR_AUDIENCE),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().regex(/^[A-Za-z0-9_-]{22,43}$/),
  next: z.string().regex(BYTES_32),
})

/** Signed with the old key while it counts; kept in the directory beside the new one. */
export function signSuccessor(old: SigningKey, region: string, next: string, now: Date): Promise<string> {
  const claims = { ...freshClaims(region, SUCCESSOR_AUDIENCE, now), next }
  return signToken(old, 'tsunagi-successor+jwt', claims)
}
