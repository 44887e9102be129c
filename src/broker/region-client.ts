import { boundedFetch, FetchFault } from '../http/index.ts'
import type { SourceState } from '../vocabulary/index.ts'
import type { Hub } from './hub.ts'

const ANSWER_BYTES_MAX = 5 * 1024 * 1024
const CALLS_AT_ONCE_MAX = 16

/** What a gateway sent, or why nothing usable came. */
export type SourceReply =
  | { kind: 'reply'; status: number; text: string; receipt: string | undefined }
  | { kind: 'none'; state: Extract<SourceState, 'timeout' | 'unreachable' | 'busy' | 'invalid' | 'denied'> }

const FHIR_JSON = /^application\/(fhir\+)?json\s*(;\s*charset=utf-8\s*)?$/i

/** Said by the gateway, by what stands before it, or of the system behind it: none of them is an answer. */
const stateOfStatus: Partial<Record<number, 'busy' | 'unreachable'>> = {
  429: 'busy',
  502: 'unreachable',
  503: 'busy',
  504: 'unreachable',
}

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
    const state = stateOfStatus[reply.status]
    if (state !== undefined) return { kind: 'none', state }
    if (!FHIR_JSON.test(reply.headers['content-type'] ?? '')) return { kind: 'none', state: 'invalid' }
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
