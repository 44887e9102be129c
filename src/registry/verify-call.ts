import type { Context } from '../kernel/context.ts'
import {
  callClaims,
  type RequestClaims,
  requestClaimsSchema,
  type VerifyingKey,
  verifyingKey,
  verifyToken,
} from '../trust/index.ts'
import { hasReached, refuse } from '../vocabulary/index.ts'
import { readRegistry } from './read-registry.ts'
import { findKey, type Registry } from './registry.ts'
import type { Region } from './store.ts'

/** A call as it arrived; `certificate` is the peer's x5t#S256 where TLS with client certificates is used. */
export interface IncomingCall {
  authorization: string | undefined
  method: string
  /** The absolute URL by the hub's public name. */
  url: string
  body: string
  certificate: string | undefined
}

/** A call that its region signed: the region is whoever holds the key. */
export interface SignedCall {
  region: Region
  claims: RequestClaims
  /** Digest of the request, by which mandates and receipts name it. */
  digest: string
  /** The key that signed it. */
  kid: string
  /** The request as it arrived, to be passed to answering gateways. */
  token: string
  /** The register that the call was verified by. */
  registry: Registry
}

/** Verifies the request of a call: token, key, certificate, and that it was signed for exactly this call. */
export async function verifyCall(
  context: Context & { publicUrl: string },
  call: IncomingCall,
): Promise<SignedCall> {
  const token = bearerToken(call.authorization)
  const registry = await readRegistry(context.db)
  // After reading: by an earlier time, a key retired while the database was waited for would seem to count still.
  const now = context.now()
  let holder: Region | undefined
  const keyOf = async (kid: string): Promise<(VerifyingKey & { owner: string }) | undefined> => {
    const found = findKey(registry, kid, now)
    if (found === undefined) return undefined
    holder = found.region
    return { ...(await verifyingKey(found.key.jwk)), owner: found.region.id }
  }
  const { claims, digest, kid } = await verifyToken(token, {
    typ: 'tsunagi-request+jwt',
    schema: requestClaimsSchema,
    audience: context.publicUrl,
    now,
    keyOf,
  })
  if (holder === undefined) throw refuse('signing-key-unknown')
  const { htm, htu, bod } = callClaims({ method: claims.htm, url: call.url, body: call.body })
  if (call.method !== htm || claims.htu !== htu || claims.bod !== bod) throw refuse('call-mismatch')
  if ((holder.certificateThumbprint ?? undefined) !== call.certificate) throw refuse('certificate-mismatch')
  if (claims.cnf !== undefined && claims.cnf['x5t#S256'] !== call.certificate)
    throw refuse('certificate-mismatch')
  if (!hasReached(holder.stage, 'connected')) throw refuse('stage-too-early')
  return { region: holder, claims, digest, kid, token, registry }
}

/** Exactly one `Authorization: Bearer <token>`; Node joins repeated headers with a comma, which is refused too. */
function bearerToken(authorization: string | undefined): string {
  const match = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(authorization ?? '')
  if (match?.[1] === undefined) throw refuse('token-missing')
  return match[1]
}
