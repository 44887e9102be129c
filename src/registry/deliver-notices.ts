import type { Dispatcher } from 'undici'
import { boundedFetch, FetchFault } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { type DueLetter, deliverDue, type OpenRound, startDelivering } from '../kernel/outbox.ts'
import { callClaims, freshClaims, type NoticeClaims, noticeSchema, signToken } from '../trust/index.ts'
import type { DirectoryKeys } from './publish-directory.ts'
import { readRegistry } from './read-registry.ts'
import { findRegion, type Registry } from './registry.ts'
import { NOTICES } from './tell-regions.ts'

const DELIVER_MS = 5_000
const ANSWER_BYTES_MAX = 4_096

type Teller = Context & { publicUrl: string; keys: DirectoryKeys; dispatcher: Dispatcher }

/** One round of what gateways are to be told. */
export function deliverNotices(hub: Teller): Promise<number> {
  return deliverDue(hub, NOTICES, openRound(hub))
}

export function startNotices(hub: Teller, everyMs: number): AsyncDisposable {
  return startDelivering(hub, NOTICES, openRound(hub), everyMs)
}

function openRound(hub: Teller): OpenRound {
  return async () => {
    const registry = await readRegistry(hub.db)
    return (letter) => deliver(hub, registry, letter)
  }
}

/** Signed anew each time, because a token lives a minute; the letter's number says that it is the same notice. */
async function deliver(hub: Teller, registry: Registry, letter: DueLetter): Promise<boolean> {
  const region = findRegion(registry, letter.destination)
  // Who has left, or has no gateway, is told nothing.
  if (region === undefined || region.gatewayUrl === null) return true
  const call = { method: 'POST', url: `${region.gatewayUrl}/notices`, body: '' } as const
  const claims: NoticeClaims = {
    ...freshClaims(hub.publicUrl, region.id, hub.now()),
    ...callClaims(call),
    htm: 'POST',
    letter: letter.id,
    notice: noticeSchema.parse(JSON.parse(letter.body)),
  }
  const token = await signToken(hub.keys.mandate, 'tsunagi-notice+jwt', claims)
  try {
    const { status } = await boundedFetch({
      dispatcher: hub.dispatcher,
      url: call.url,
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      bytesMax: ANSWER_BYTES_MAX,
      signal: AbortSignal.timeout(DELIVER_MS),
    })
    if (status === 204) return true
    hub.log.warn({ event: 'notice.refused', region: region.id, kind: claims.notice.kind, status })
    return false
  } catch (error) {
    if (!(error instanceof FetchFault)) throw error
    hub.log.warn({ event: 'notice.not-delivered', region: region.id, reason: error.reason })
    return false
  }
}
