import { z } from 'zod'
import { POST_CODES, PROFESSION_CODES, refuse, VISIT_KIND_CODES } from '../vocabulary/index.ts'
import { type IdentityProvider, tokenReader } from './identity-provider.ts'

const LIFETIME_MAX_SECONDS = 12 * 3_600

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

/** How a council divides its office: papers, calls and policy at the desk; oversight with the privacy officer. */
export const OFFICE_DUTIES = ['desk', 'privacy'] as const
export type OfficeDuty = (typeof OFFICE_DUTIES)[number]

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
  z.strictObject({ ...base, role: z.literal('feed') }),
  z.strictObject({
    ...base,
    role: z.literal('council'),
    /** What this login may do; where the council does not divide its office, none is named and all is one's own. */
    duties: z.array(z.enum(OFFICE_DUTIES)).min(1).max(OFFICE_DUTIES.length).optional(),
  }),
])
type LoginClaims = z.infer<typeof loginClaimsSchema>

/** Names one login token, so that it can be used up. */
export interface LoginToken {
  iss: string
  aud: string
  iat: number
  exp: number
  jti: string
  /**
   * When the user proved who they are, in seconds, at most twelve hours ago: at or before an end of their logins it
   * counts no more, and ends are kept a little longer than that.
   */
  authenticatedAt: number
}

/** Who is at the screen, and where: from the region's own identity provider, never from a request. */
export type Clinician = Omit<Extract<LoginClaims, { role: 'clinician' }>, keyof typeof base> & {
  user: string
  userName: string
  /** Whether two factors were used. */
  secondFactor: boolean
}

/** A regional system that feeds, or the council's office. */
export interface FeedLogin {
  role: 'feed' | 'council'
  user: string
  userName: string
  duties?: readonly OfficeDuty[]
}

export type Login = (Clinician | FeedLogin) & { token: LoginToken }

/** Verifies a login token; throws HubError `login-required`, whatever was wrong. */
export type LoginVerifier = (token: string) => Promise<Login>

/** Verifies logins: 12 h old at most, the proof too, and nothing told of what was wrong. */
export function loginVerifier(provider: IdentityProvider, now: () => Date): LoginVerifier {
  const read = tokenReader(provider, loginClaimsSchema, LIFETIME_MAX_SECONDS)
  return async (token) => {
    try {
      return loginOf(await read(token, now()), now())
    } catch (cause) {
      throw refuse('login-required', { cause })
    }
  }
}

function loginOf(claims: LoginClaims, now: Date): Login {
  const { iss, aud, iat, exp, jti, sub: user, name: userName } = claims
  // Nobody proves who they are after the token that says so (OpenID Connect Core, section 2).
  const authenticatedAt = Math.min(claims.auth_time ?? iat, iat)
  if (now.getTime() / 1000 - authenticatedAt > LIFETIME_MAX_SECONDS) throw refuse('login-required')
  const token = { iss, aud, iat, exp, jti, authenticatedAt }
  if (claims.role === 'feed') return { role: claims.role, user, userName, token }
  if (claims.role === 'council') {
    const { role, duties } = claims
    return { role, user, userName, ...(duties === undefined ? {} : { duties }), token }
  }
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
    secondFactor: hasSecondFactor(claims),
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
function hasSecondFactor({ amr = [] }: LoginClaims): boolean {
  const kinds = FACTORS.filter((kind) => kind.some((method) => amr.includes(method))).length
  return amr.includes('mfa') || kinds >= 2
}
