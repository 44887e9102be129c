import { CompactSign, compactVerify } from 'jose'
import type { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import { type JsonValue, parseJson } from '../kernel/strict-json.ts'
import { refuse } from '../vocabulary/index.ts'
import { sha256 } from './hash.ts'
import { ALGORITHMS, type Algorithm, type SigningKey, type VerifyingKey } from './keys.ts'

export type TokenType =
  | 'tsunagi-request+jwt'
  | 'tsunagi-mandate+jwt'
  | 'tsunagi-receipt+jwt'
  | 'tsunagi-directory+jwt'
  | 'tsunagi-successor+jwt'
  | 'tsunagi-notice+jwt'
  | 'tsunagi-consent+jwt'

/** Bytes a token may have, by type (design, "Rules of the objects"). */
export const TOKEN_BYTES_MAX: Record<TokenType, number> = {
  'tsunagi-request+jwt': 3_072,
  'tsunagi-mandate+jwt': 3_072,
  'tsunagi-receipt+jwt': 2_048,
  'tsunagi-directory+jwt': 8_388_608,
  'tsunagi-successor+jwt': 2_048,
  'tsunagi-notice+jwt': 3_072,
  'tsunagi-consent+jwt': 8_192,
}

/** Values in a token's payload. A directory grows with the institutions, of which a prefecture has many thousands. */
const NODES_MAX = 4_000
const DIRECTORY_NODES_MAX = 200_000

const LIFETIME_MAX_SECONDS = 120
const SKEW_MAX_SECONDS = 60

/** Claims that every token has; times are whole seconds. */
export interface BaseClaims {
  iss: string
  aud: string
  iat: number
  exp: number
  jti: string
}

export interface VerifiedToken<Claims> {
  claims: Claims
  /** SHA-256 of the signing input, base64url: how other objects name this one. */
  digest: string
  kid: string
}

/** Signs `claims` as a compact JWS whose header is exactly alg, typ, kid. */
export async function signToken(key: SigningKey, typ: TokenType, claims: BaseClaims): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  return new CompactSign(payload).setProtectedHeader({ alg: key.alg, typ, kid: key.kid }).sign(key.privateKey)
}

/** The digest by which objects name a token: of its signing input, so a re-encoded signature changes nothing. */
export function tokenDigest(jws: string): string {
  return sha256(jws.slice(0, jws.lastIndexOf('.')))
}

interface Reading {
  header: { alg: Algorithm; typ: string; kid: string }
  payload: JsonValue
}

export interface Expected<Schema extends z.ZodType<BaseClaims>> {
  typ: TokenType
  schema: Schema
  /** The one string `aud` must equal. */
  audience: string
  now: Date
  /** The key of that thumbprint if it counts now, with whoever holds it; undefined refuses. */
  keyOf(kid: string): Promise<(VerifyingKey & { owner: string }) | undefined>
  /** An archived token is checked without its times: it counts if its digest was sealed in time. */
  archived?: boolean
}

/**
 * Everything the design asks before and after `jose` (RFC 8725): size, canonical parts, exact header, `typ`
 * first, pinned key and algorithm, signature, strict claims, holder of the key, audience, times.
 * Throws HubError `unauthenticated` for every fault, whatever a library throws.
 */
export async function verifyToken<Schema extends z.ZodType<BaseClaims>>(
  jws: string,
  expected: Expected<Schema>,
): Promise<VerifiedToken<z.infer<Schema>>> {
  const { header, payload } = readToken(jws, expected.typ)
  const key = await expected.keyOf(header.kid)
  if (key === undefined || key.kid !== header.kid) throw refuse('signing-key-unknown')
  if (key.alg !== header.alg) throw refuse('token-algorithm')
  try {
    await compactVerify(jws, key.publicKey, { algorithms: [key.alg] })
  } catch (cause) {
    throw refuse('signature-invalid', { cause })
  }
  const parsed = expected.schema.safeParse(payload)
  if (!parsed.success) throw refuse('token-claims', { at: parsed.error.issues[0]?.path.join('.') ?? '' })
  const claims = parsed.data
  if (claims.iss !== key.owner) throw refuse('token-issuer')
  if (claims.aud !== expected.audience) throw refuse('token-audience')
  checkTimes(claims, expected)
  return { claims, digest: tokenDigest(jws), kid: header.kid }
}

/** Reads a token without believing it. Throws HubError `unauthenticated`. */
function readToken(jws: string, typ: TokenType): Reading {
  if (jws.length > TOKEN_BYTES_MAX[typ]) throw refuse('token-too-large')
  const parts = jws.split('.')
  if (parts.length !== 3) throw refuse('token-invalid')
  const [header, payload] = parts.map(canonicalBytes) as [Buffer, Buffer, Buffer]
  const head = strictJson(header, NODES_MAX)
  if (!isHeader(head)) throw refuse('token-invalid')
  if (head.typ !== typ) throw refuse('token-type')
  if (!(ALGORITHMS as readonly string[]).includes(head.alg)) throw refuse('token-algorithm')
  if (!BYTES_32.test(head.kid)) throw refuse('signing-key-unknown')
  return {
    header: head as Reading['header'],
    payload: strictJson(payload, typ === 'tsunagi-directory+jwt' ? DIRECTORY_NODES_MAX : NODES_MAX),
  }
}

function canonicalBytes(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (part === '' || bytes.toString('base64url') !== part) throw refuse('token-invalid')
  return bytes
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function strictJson(bytes: Buffer, nodesMax: number): JsonValue {
  try {
    return parseJson(utf8.decode(bytes), { depthMax: 8, nodesMax })
  } catch (cause) {
    throw refuse('token-invalid', { cause })
  }
}

function isHeader(value: JsonValue): value is { alg: string; typ: string; kid: string } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  const { alg, typ, kid, ...rest } = value
  return [alg, typ, kid].every((part) => typeof part === 'string') && Object.keys(rest).length === 0
}

function checkTimes(claims: BaseClaims, { now, archived }: { now: Date; archived?: boolean }): void {
  const lifetime = claims.exp - claims.iat
  if (lifetime <= 0 || lifetime > LIFETIME_MAX_SECONDS) throw refuse('token-time')
  if (archived === true) return
  const seconds = now.getTime() / 1000
  if (claims.iat > seconds + SKEW_MAX_SECONDS) throw refuse('token-time')
  if (claims.exp <= seconds - SKEW_MAX_SECONDS) throw refuse('token-time')
}
