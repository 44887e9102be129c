import {
  type Call,
  callClaims,
  freshClaims,
  type QueryClaims,
  queryExtensions,
  type RequestClaims,
  type SigningKey,
  signToken,
  tokenDigest,
} from '../trust/index.ts'

/** What signing for the region takes of a gateway. */
export interface Signer {
  region: string
  hubUrl: string
  /** The region's key. */
  key: SigningKey
  now: () => Date
}

export interface SignedRequest {
  token: string
  /** By which mandates and receipts name the request. */
  digest: string
}

/** Signs one call to the hub in the region's name; with `query` also who asks for what (IHE IUA, ITI-71). */
export async function signCall(signer: Signer, call: Call, query?: QueryClaims): Promise<SignedRequest> {
  const claims: RequestClaims = {
    ...freshClaims(signer.region, signer.hubUrl, signer.now()),
    ...callClaims(call),
    ...(query === undefined ? {} : queryExtensions(query)),
  }
  const token = await signToken(signer.key, 'tsunagi-request+jwt', claims)
  return { token, digest: tokenDigest(token) }
}
