import { readFileSync } from 'node:fs'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import { boundedFetch } from '../http/index.ts'
import { parseJson } from '../kernel/strict-json.ts'
import { ALGORITHMS } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'

const TOKEN_BYTES_MAX = 4_096
const SKEW_MAX_SECONDS = 60
const JWKS_BYTES_MAX = 65_536
const JWKS_TIMEOUT_MS = 3_000

/** The region's own identity provider: who signs its logins, for whom, with which keys. */
export interface IdentityProvider {
  issuer: string
  /** The one string `aud` must equal. */
  audience: string
  keys: { file: string } | { url: string; dispatcher?: Dispatcher }
}

/** What every token of the provider says. */
interface Said {
  aud: string
  iat: number
  exp: number
}

/**
 * Reads tokens of the provider by the rules of RFC 8725: ES256 or Ed25519, exact issuer and audience, at most
 * `lifetimeSecondsMax`, no claim that the schema does not take, none that stands twice. Throws whatever was wrong.
 */
export function tokenReader<Schema extends z.ZodType<Said>>(
  provider: IdentityProvider,
  schema: Schema,
  lifetimeSecondsMax: number,
): (token: string, now: Date) => Promise<z.output<Schema>> {
  const { issuer, audience } = provider
  const keys = keysOf(provider)
  return async (token, now) => {
    if (token.length > TOKEN_BYTES_MAX) throw refuse('token-too-large')
    await jwtVerify(token, keys, {
      algorithms: [...ALGORITHMS],
      issuer,
      audience,
      clockTolerance: SKEW_MAX_SECONDS,
      currentDate: now,
    })
    const claims = schema.parse(parseJson(textOf(token), { depthMax: 4, nodesMax: 100 }))
    // jose takes a list of audiences that names ours among others.
    if (claims.aud !== audience) throw refuse('token-audience')
    const lifetime = claims.exp - claims.iat
    const isFuture = claims.iat > now.getTime() / 1000 + SKEW_MAX_SECONDS
    if (lifetime <= 0 || lifetime > lifetimeSecondsMax || isFuture) throw refuse('token-time')
    return claims
  }
}

/** The payload as text, read again because `JSON.parse`, which jose uses, lets the last of two claims win. */
function textOf(token: string): string {
  const payload = token.split('.')[1] ?? ''
  const bytes = Buffer.from(payload, 'base64url')
  if (bytes.toString('base64url') !== payload) throw refuse('token-invalid')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

function keysOf({ keys }: IdentityProvider): JWTVerifyGetKey {
  if ('file' in keys) return createLocalJWKSet(JSON.parse(readFileSync(keys.file, 'utf8')) as JSONWebKeySet)
  return createRemoteJWKSet(new URL(keys.url), {
    timeoutDuration: JWKS_TIMEOUT_MS,
    [customFetch]: async (url, { signal }) => {
      const { dispatcher } = keys
      const { status, text } = await boundedFetch({
        dispatcher,
        url,
        method: 'GET',
        headers: { accept: 'application/jwk-set+json, application/json' },
        bytesMax: JWKS_BYTES_MAX,
        signal,
      })
      return new Response(text, { status })
    },
  })
}
