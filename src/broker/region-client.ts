import { boundedFetch, FetchFault } from '../http/index.ts'
import type { SourceState } from '../vocabulary/index.ts'
import type { Hub } from './hub.ts'

const ANSWER_BYTES_MAX = 5 * 1024 * 1024
const CALLS_AT_ONCE_MAX = 16

/** What a gateway sent, or why nothing usable came. */
export type SourceReply =
  | { kind: 'reply'; status: number; text: string; receipt: string | undefined }
  | { kind: 'none'; state: Extract<SourceState, 'timeout' | 'unreachable' | 'busy' | 'invalid'> }

/** Calls under way by gateway, so that one slow region cannot hold the sockets of the others. */
const underWay = new Map<string, number>()

export interface SourceCall {
  url: string
  body: string
  mandate: string
  request: string
}

/** Asks one gateway, within the query's deadline. Never throws: a fault is a state. */
export async function askGateway(hub: Hub, call: SourceCall, deadline: AbortSignal): Promise<SourceReply> {
  const busy = underWay.get(call.url) ?? 0
  if (busy >= CALLS_AT_ONCE_MAX) return { kind: 'none', state: 'busy' }
  underWay.set(call.url, busy + 1)
  try {
    const reply = await boundedFetch({
      dispatcher: hub.dispatcher,
      url: call.url,
      method: 'POST',
      headers: {
        authorization: `Bearer ${call.mandate}`,
        'tsunagi-request': call.request,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/fhir+json',
      },
      body: call.body,
      bytesMax: ANSWER_BYTES_MAX,
      signal: deadline,
    })
    if (reply.status === 429 || reply.status === 503) return { kind: 'none', state: 'busy' }
    return {
      kind: 'reply',
      status: reply.status,
      text: reply.text,
      receipt: reply.headers['tsunagi-receipt'],
    }
  } catch (fault) {
    if (!(fault instanceof FetchFault)) throw fault
    return { kind: 'none', state: stateOf(fault) }
  } finally {
    const left = (underWay.get(call.url) ?? 1) - 1
    if (left > 0) underWay.set(call.url, left)
    else underWay.delete(call.url)
  }
}

function stateOf(fault: FetchFault): 'timeout' | 'unreachable' | 'invalid' {
  if (fault.reason === 'timeout' || fault.reason === 'unreachable') return fault.reason
  return 'invalid'
}
