import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { randomId } from '../kernel/ids.ts'
import { generateSigningKey } from '../trust/index.ts'
import type { VisitKind } from '../vocabulary/index.ts'
import type { DemoOfficer, DemoStaff, RegionId } from './world/index.ts'

const LOGIN_SECONDS = 8 * 3_600

/** A region's simulated identity provider: signs the logins of its staff, its council's office and its feeding systems. */
export interface IdentityProvider {
  issuer: string
  jwksFile: string
  /** With today's visit of the patient, where the region's own system knows of one. */
  loginOf(staff: DemoStaff, visit?: { kind: VisitKind; patient: string }): Promise<string>
  /** Of somebody of the council's office, for their one duty. */
  officerLogin(officer: DemoOfficer): Promise<string>
  feedLogin(role: 'feed' | 'council'): Promise<string>
}

/** Makes the provider's key and writes its JWKS into `folder`, where the gateway reads it. */
export async function openIdentityProvider(region: RegionId, folder: string): Promise<IdentityProvider> {
  const key = await generateSigningKey('ES256')
  const issuer = `https://login.${region}.example`
  const jwksFile = join(folder, `${region}-login.jwks.json`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const jwk = { ...key.publicJwk, kid: key.kid, alg: key.alg, use: 'sig' }
  writeFileSync(jwksFile, JSON.stringify({ keys: [jwk] }), { mode: 0o600 })

  function sign(claims: Record<string, unknown>): Promise<string> {
    const iat = Math.floor(Date.now() / 1000)
    return new SignJWT({ ...claims, iat, exp: iat + LOGIN_SECONDS })
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(region)
      .setJti(randomId())
      .sign(key.privateKey)
  }

  return {
    issuer,
    jwksFile,
    loginOf: ({ userId, name, profession, post, institution }, visit) =>
      sign({
        ...{ sub: userId, name, role: 'clinician', profession, post, institution, terminal: 'demo-01' },
        amr: ['pwd', 'otp'],
        ...(visit === undefined ? {} : { visit }),
      }),
    officerLogin: ({ userId, name, duty }) =>
      sign({ sub: userId, name, role: 'council', duties: [duty], amr: ['pwd', 'otp'] }),
    feedLogin: (role) => sign({ sub: `${region}-${role}`, name: '地域システム', role }),
  }
}
