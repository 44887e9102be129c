import type { LogIdentity } from '../audit/index.ts'
import { thumbprintOf } from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { HubReader } from './context.ts'
import { currentDirectory } from './directory-cache.ts'
import { pinnedKey } from './pinned-key.ts'

/** The hub's log under its name and its pinned key. Throws `signing-key-unknown` until that is pinned. */
export async function hubLog(ctx: HubReader): Promise<LogIdentity> {
  const { directory } = await currentDirectory(ctx)
  const { checkpoint } = directory.hub.keys
  const key = await pinnedKey(ctx, await thumbprintOf(checkpoint), ['checkpoint'])
  if (key === undefined || checkpoint.kty !== 'OKP') throw refuse('signing-key-unknown')
  return { origin: new URL(ctx.hubUrl).host, publicKey: Buffer.from(checkpoint.x, 'base64url') }
}
