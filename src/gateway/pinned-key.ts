import type { Directory } from '../registry/index.ts'
import { type PublicJwk, thumbprintOf, type VerifyingKey, verifyingKey } from '../trust/index.ts'
import type { HubReader } from './context.ts'
import { currentDirectory } from './directory-cache.ts'
import { findPin, HUB } from './pin-store.ts'

/** What a key is for: the hub keeps one for each of its uses, a region signs all it says with its own. */
export type KeyUse = 'mandate' | 'receipt' | 'checkpoint' | 'region'

export type PinnedKey = VerifyingKey & { owner: string }

/**
 * The key of that thumbprint, if the council pinned it for whom the directory names, and it is for one of the
 * `uses`. The directory only brings keys along; it vouches for none.
 */
export async function pinnedKey(
  ctx: HubReader,
  kid: string,
  uses: readonly KeyUse[],
): Promise<PinnedKey | undefined> {
  const pinned = await findPin(ctx.db, kid)
  if (pinned === undefined) return undefined
  const named = await findNamedKey(ctx, kid)
  if (named === undefined || named.peer !== pinned.owner || !uses.includes(named.use)) return undefined
  return { ...(await verifyingKey(named.jwk)), owner: named.peer === HUB ? ctx.hubUrl : named.peer }
}

interface NamedKey {
  peer: string
  use: KeyUse
  jwk: PublicJwk
}

const indexes = new WeakMap<Directory, Map<string, NamedKey>>()

async function findNamedKey(ctx: HubReader, kid: string): Promise<NamedKey | undefined> {
  const { directory } = await currentDirectory(ctx)
  const index = indexes.get(directory) ?? (await indexOf(directory))
  indexes.set(directory, index)
  return index.get(kid)
}

/** Every key in the directory but the one that signs it, which is for nothing else. */
async function indexOf({ hub, regions }: Directory): Promise<Map<string, NamedKey>> {
  const named: NamedKey[] = [
    ...(['mandate', 'receipt', 'checkpoint'] as const).map((use) => ({ peer: HUB, use, jwk: hub.keys[use] })),
    ...regions.flatMap(({ id, keys }) => keys.map(({ jwk }) => ({ peer: id, use: 'region' as const, jwk }))),
  ]
  const index = new Map<string, NamedKey>()
  for (const each of named) {
    const kid = await thumbprintOf(each.jwk)
    // One key for two uses, or of two peers, is for neither.
    if (index.has(kid)) index.set(kid, { ...each, peer: '' })
    else index.set(kid, each)
  }
  return index
}
