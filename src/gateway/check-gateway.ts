import { boundedFetch, FetchFault } from '../http/index.ts'
import { HubError } from '../kernel/hub-error.ts'
import { type PublicJwk, thumbprintOf } from '../trust/index.ts'
import type { GatewayContext, HubReader } from './context.ts'
import { currentDirectory, type KnownDirectory } from './directory-cache.ts'
import { HUB, listPins } from './pin-store.ts'
import { countPromises, type PromiseCounts } from './promise-store.ts'
import { countMissed } from './receipt-store.ts'

/** MHLW guideline 6.0, 17-③: time is kept in step; beyond this an operator is told. */
const CLOCK_OFFSET_MAX_MS = 5_000
const PROBE_MS = 3_000
const PROBE_BYTES_MAX = 65_536

export interface PeerKey {
  peer: string
  use: string
  thumbprint: string
}

export interface GatewayCheck {
  hub: { isReachable: boolean; clockOffsetMs: number | undefined }
  directory: { version: number; fetchedAt: string } | undefined
  /** All empty while there is no directory to compare with. */
  pins: {
    /** Pinned, and named by the directory for the same peer. */
    agreed: number
    /** Named by the directory, and not pinned: nothing they sign is believed. */
    unpinned: PeerKey[]
    /** Pinned, and not named by the directory (any more). */
    unlisted: { peer: string; thumbprint: string }[]
  }
  ehr: { isReachable: boolean }
  promises: PromiseCounts
  /** Answers of this gateway that the hub's log never named. */
  receiptsMissed: number
}

export type CheckedGateway = HubReader & Pick<GatewayContext, 'ehr'>

/** Looks at everything that must be right for the gateway to ask and to answer, and changes nothing. */
export async function checkGateway(ctx: CheckedGateway): Promise<GatewayCheck> {
  const [hub, known, isReachable, promises, receiptsMissed] = await Promise.all([
    probeHub(ctx),
    knownDirectory(ctx),
    ctx.ehr.isReachable(AbortSignal.timeout(PROBE_MS)),
    countPromises(ctx.db),
    countMissed(ctx.db),
  ])
  return {
    hub,
    directory: known && { version: known.version, fetchedAt: known.fetchedAt.toISOString() },
    pins: await comparePins(ctx, known),
    ehr: { isReachable },
    promises,
    receiptsMissed,
  }
}

/** What is wrong, as stable names; unreachable systems are told apart, because they may be right tomorrow. */
export function faultsOf(check: GatewayCheck): { wrong: string[]; unreachable: string[] } {
  const { hub, directory, pins, ehr, promises, receiptsMissed } = check
  const wrong = [
    ...(hub.isReachable && directory === undefined ? ['directory-refused'] : []),
    ...(pins.unpinned.some(({ peer }) => peer === HUB) ? ['hub-key-not-pinned'] : []),
    ...(Math.abs(hub.clockOffsetMs ?? 0) > CLOCK_OFFSET_MAX_MS ? ['clock-differs'] : []),
    ...(promises.broken > 0 ? ['promise-broken'] : []),
    ...(receiptsMissed > 0 ? ['receipt-unnamed'] : []),
  ]
  const unreachable = [...(hub.isReachable ? [] : ['hub']), ...(ehr.isReachable ? [] : ['local-system'])]
  return { wrong, unreachable }
}

/** The hub's `Date` header has whole seconds: the offset is exact to about one. */
async function probeHub(ctx: HubReader): Promise<GatewayCheck['hub']> {
  const before = ctx.now().getTime()
  try {
    const { status, headers } = await boundedFetch({
      dispatcher: ctx.dispatcher,
      url: `${ctx.hubUrl}/livez`,
      method: 'GET',
      bytesMax: PROBE_BYTES_MAX,
      signal: AbortSignal.timeout(PROBE_MS),
    })
    const middle = (before + ctx.now().getTime()) / 2
    const stated = Date.parse(headers.date ?? '')
    const clockOffsetMs = Number.isNaN(stated) ? undefined : Math.round(stated + 500 - middle)
    return { isReachable: status === 200, clockOffsetMs }
  } catch (fault) {
    if (fault instanceof FetchFault) return { isReachable: false, clockOffsetMs: undefined }
    throw fault
  }
}

async function knownDirectory(ctx: HubReader): Promise<KnownDirectory | undefined> {
  try {
    return await currentDirectory(ctx)
  } catch (error) {
    if (error instanceof HubError) return undefined
    throw error
  }
}

async function comparePins(ctx: HubReader, known: KnownDirectory | undefined): Promise<GatewayCheck['pins']> {
  if (known === undefined) return { agreed: 0, unpinned: [], unlisted: [] }
  const [pins, listed] = await Promise.all([listPins(ctx.db), listedKeys(known)])
  const isPinned = ({ peer, thumbprint }: PeerKey) =>
    pins.some((pin) => pin.thumbprint === thumbprint && pin.owner === peer)
  const isListed = (pin: { owner: string; thumbprint: string }) =>
    listed.some((key) => key.thumbprint === pin.thumbprint && key.peer === pin.owner)
  return {
    agreed: listed.filter(isPinned).length,
    unpinned: listed.filter((key) => !isPinned(key)),
    unlisted: pins
      .filter((pin) => !isListed(pin))
      .map(({ owner, thumbprint }) => ({ peer: owner, thumbprint })),
  }
}

async function listedKeys({ directory }: KnownDirectory): Promise<PeerKey[]> {
  const { hub, regions } = directory
  const keys: [peer: string, use: string, jwk: PublicJwk][] = [
    ...Object.entries(hub.keys).map(([use, jwk]): [string, string, PublicJwk] => [HUB, use, jwk]),
    ...regions.flatMap(({ id, keys }) =>
      keys.map(({ jwk }): [string, string, PublicJwk] => [id, 'region', jwk]),
    ),
  ]
  return Promise.all(
    keys.map(async ([peer, use, jwk]) => ({ peer, use, thumbprint: await thumbprintOf(jwk) })),
  )
}
