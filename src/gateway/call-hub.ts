import { isFhirObject } from '../alignment/index.ts'
import { boundedFetch, type FetchedAnswer, FetchFault, FHIR_JSON } from '../http/index.ts'
import { JsonRefused, parseJson } from '../kernel/strict-json.ts'
import type { Call, QueryClaims } from '../trust/index.ts'
import { REFUSALS, type RefusalCode, refuse, SYSTEMS } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { signCall } from './sign-call.ts'

const ANSWER_BYTES_MAX = 16 * 1024 * 1024
const HUB_DEADLINE_MS = 12_000

export const FORM = 'application/x-www-form-urlencoded'

/** A call to the hub, signed and ready to be put on record before it leaves. */
export interface SignedHubCall {
  call: Call
  token: string
  digest: string
}

export interface HubCall {
  method: Call['method']
  /** Path and query, as the hub names them. */
  path: string
  body?: string
  /** Of the body, where it is neither a search's form nor a FHIR resource. */
  contentType?: string
}

export async function prepareHubCall(
  ctx: GatewayContext,
  { method, path, body = '' }: HubCall,
  query?: QueryClaims,
): Promise<SignedHubCall> {
  // The URL as it will be sent, because its text is what is signed.
  const call = { method, url: new URL(`${ctx.hubUrl}${path}`).href, body }
  return { call, ...(await signCall(ctx, call, query)) }
}

/** Sends it, bounded in time and size. Throws `hub-unreachable`. */
export async function sendToHub(
  ctx: GatewayContext,
  signed: SignedHubCall,
  contentType?: string,
): Promise<FetchedAnswer> {
  const { method, url, body } = signed.call
  const usual = url.endsWith('/_search') ? FORM : FHIR_JSON
  try {
    return await boundedFetch({
      dispatcher: ctx.dispatcher,
      url,
      method,
      headers: {
        authorization: `Bearer ${signed.token}`,
        accept: 'application/fhir+json',
        ...(body === '' ? {} : { 'content-type': contentType ?? usual }),
      },
      ...(body === '' ? {} : { body }),
      bytesMax: ANSWER_BYTES_MAX,
      signal: AbortSignal.timeout(HUB_DEADLINE_MS),
    })
  } catch (cause) {
    if (cause instanceof FetchFault) throw refuse('hub-unreachable', { cause })
    throw cause
  }
}

/** The hub's code for its refusal, when it is one that the vocabulary knows. */
export function refusalOf({ text }: FetchedAnswer): RefusalCode | undefined {
  try {
    const outcome = parseJson(text)
    const issue = isFhirObject(outcome) && Array.isArray(outcome.issue) ? outcome.issue[0] : undefined
    const details = isFhirObject(issue) ? issue.details : undefined
    const coding = isFhirObject(details) && Array.isArray(details.coding) ? details.coding[0] : undefined
    if (!isFhirObject(coding) || coding.system !== SYSTEMS.refusal) return undefined
    const { code } = coding
    return typeof code === 'string' && Object.hasOwn(REFUSALS, code) ? (code as RefusalCode) : undefined
  } catch (error) {
    if (error instanceof JsonRefused) return undefined
    throw error
  }
}
