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
import { z } from 'zod'
import { boundedFetch } from '../http/index.ts'
import { parseJson } from '../kernel/strict-json.ts'
import { ALGORITHMS } from '../trust/index.ts'
import { POST_CODES, PROFESSION_CODES, refuse, VISIT_KIND_CODES } from '../vocabulary/index.ts'

const TOKEN_BYTES_MAX = 4_096
const LIFETIME_MAX_SECONDS = 12 * 3_600
const SKEW_MAX_SECONDS = 60
const JWKS_BYTES_MAX = 65_536
const JWKS_TIMEOUT_MS = 3_000

const base = {
  iss: z.string(),
  aud: z.string(),
  iat: z.int(),
  nbf: z.int().optional(),
  exp: z.int(),
  jti: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  auth_time: z.int().optional(),
  acr: z.string().max(200).optional(),
  amr: z.array(z.string().max(50)).max(10).optional(),
  sub: z.string().min(1).max(200),
  name: z.string().min(1).max(100),
}

/** A person at an institution, who views; or a system or the council's office, which feeds. */
const loginClaimsSchema = z.discriminatedUnion('role', [
  z.strictObject({
    ...base,
    role: z.literal('clinician'),
    profession: z.enum(PROFESSION_CODES),
    post: z.enum(POST_CODES),
    institution: z.string().regex(/^[0-9A-Z]{10}$/),
    terminal: z.string().min(1).max(64).optional(),
    /**
     * Today's visit, in the word of the system that issued the login: whoever views cannot state it. `patient` is the
     * region's own patient id, a handle, or SHA-256 of the demographics that were given (base64url).
     */
    visit: z.strictObject({ kind: z.enum(VISIT_KIND_CODES), patient: z.string().min(1).max(128) }).optional(),
  }),
  z.strictObject({ ...base, role: z.enum(['feed', 'council']) }),
])
type LoginClaims = z.infer<typeof loginClaimsSchema>

/** Names one login token, so that it can be used up. */
export interface LoginToken {
  iss: string
  aud: string
  iat: number
  exp: number
  jti: string
}

/** Who is at the screen, and where: from the region's own identity provider, never from a request. */
export type Clinician = Omit<Extract<LoginClaims, { role: 'clinician' }>, keyof typeof base> & {
  user: string
  userName: string
  /** Whether two factors were used, at most twelve hours ago. */
  secondFactor: boolean
}

/** A regional system that feeds, or the council's office. */
export interface FeedLogin {
  role: 'feed' | 'council'
  user: string
  userName: string
}

export type Login = (Clinician | FeedLogin) & { token: LoginToken }

/** Verifies a login token; throws HubError `login-required`, whatever was wrong. */
export type LoginVerifier = (token: string) => Promise<Login>

/** The region's own identity provider: who signs its logins, for whom, with which keys. */
export interface IdentityProvider {
  issuer: string
  /** The one string `aud` must equal. */
  audience: string
  keys: { file: string } | { url: string; dispatcher?: Dispatcher }
}

/**
 * Verifies logins by the rules of RFC 8725: ES256 or Ed25519, exact issuer and audience, at most 12 h, no claim
 * that is not known, none that stands twice.
 */
export function loginVerifier(provider: IdentityProvider, now: () => Date): LoginVerifier {
  const keys = keysOf(provider)
  return async (token) => {
    try {
      return await verifiedLogin(token, provider, keys, now())
    } catch (cause) {
      throw refuse('login-required', { cause })
    }
  }
}

async function verifiedLogin(
  token: string,
  { issuer, audience }: IdentityProvider,
  keys: JWTVerifyGetKey,
  now: Date,
): Promise<Login> {
  if (token.length > TOKEN_BYTES_MAX) throw refuse('token-too-large')
  await jwtVerify(token, keys, {
    algorithms: [...ALGORITHMS],
    issuer,
    audience,
    clockTolerance: SKEW_MAX_SECONDS,
    currentDate: now,
  })
  const claims = loginClaimsSchema.parse(parseJson(textOf(token), { depthMax: 4, nodesMax: 100 }))
  // jose takes a list of audiences that names ours among others.
  if (claims.aud !== audience) throw refuse('token-audience')
  const lifetime = claims.exp - claims.iat
  const isFuture = claims.iat > now.getTime() / 1000 + SKEW_MAX_SECONDS
  if (lifetime <= 0 || lifetime > LIFETIME_MAX_SECONDS || isFuture) throw refuse('token-time')
  return loginOf(claims, now)
}

/** The payload as text, read again because `JSON.parse`, which jose uses, lets the last of two claims win. */
function textOf(token: string): string {
  const payload = token.split('.')[1] ?? ''
  const bytes = Buffer.from(payload, 'base64url')
  if (bytes.toString('base64url') !== payload) throw refuse('token-invalid')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}

function loginOf(claims: LoginClaims, now: Date): Login {
  const { iss, aud, iat, exp, jti, sub: user, name: userName } = claims
  const token = { iss, aud, iat, exp, jti }
  if (claims.role !== 'clinician') return { role: claims.role, user, userName, token }
  const { role, profession, post, institution, terminal, visit } = claims
  return {
    role,
    user,
    userName,
    profession,
    post,
    institution,
    ...(terminal === undefined ? {} : { terminal }),
    ...(visit === undefined ? {} : { visit }),
    secondFactor: hasSecondFactor(claims, now),
    token,
  }
}

/** RFC 8176: what one knows, what one has, what one is. */
const FACTORS = [
  ['pwd', 'pin', 'kba'],
  ['otp', 'hwk', 'swk', 'sc', 'pop', 'sms', 'tel'],
  ['face', 'fpt', 'iris', 'retina', 'vbm'],
]

/** `mfa` says so itself; else methods of two kinds do. */
function hasSecondFactor({ amr = [], auth_time: at, iat }: LoginClaims, now: Date): boolean {
  const age = now.getTime() / 1000 - (at ?? iat)
  const kinds = FACTORS.filter((kind) => kind.some((method) => amr.includes(method))).length
  return age <= LIFETIME_MAX_SECONDS && (amr.includes('mfa') || kinds >= 2)
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
