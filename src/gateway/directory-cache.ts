import { z } from 'zod'
import { boundedFetch, FetchFault } from '../http/index.ts'
import type { Database } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'
import { DIRECTORY_AUDIENCE, type Directory, directoryClaimsSchema } from '../registry/index.ts'
import {
  publicJwkSchema,
  sha256,
  TOKEN_BYTES_MAX,
  type VerifyingKey,
  verifyingKey,
  verifyToken,
} from '../trust/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { adoptSuccessors } from './adopt-successors.ts'
import type { HubReader } from './context.ts'
import { findPin, HUB, keepDirectory, newestDirectory } from './pin-store.ts'

/** Asks the hub at most so often, whatever keys are named to us. */
const REFRESH_MS = 60_000
/** Longer than this no directory is believed (design, "Keys"). */
const CACHE_MS = 3_600_000
const FETCH_MS = 3_000

export interface KnownDirectory {
  version: number
  directory: Directory
  fetchedAt: Date
}

/** What a process remembers of the directory; everything in it can be had again from database or hub. */
interface Memory {
  known: KnownDirectory | undefined
  triedAt: number | undefined
  refreshing: Promise<void> | undefined
}

const memories = new WeakMap<Database, Memory>()

function memoryOf(db: Database): Memory {
  const held = memories.get(db)
  if (held !== undefined) return held
  const made: Memory = { known: undefined, triedAt: undefined, refreshing: undefined }
  memories.set(db, made)
  return made
}

/**
 * The directory, at most 1 h old, signed with the pinned key and never older than one seen before. While the hub
 * cannot be reached, or sends one that is refused, the last good one serves. Throws `unavailable`.
 */
export async function currentDirectory(ctx: HubReader): Promise<KnownDirectory> {
  const memory = memoryOf(ctx.db)
  const now = ctx.now().getTime()
  const isDue = memory.triedAt === undefined || Math.abs(now - memory.triedAt) >= REFRESH_MS
  const isFirst = memory.known === undefined && memory.refreshing !== undefined
  if (isDue || isFirst) await refreshDirectory(ctx)
  const { known } = memory
  if (known === undefined || now - known.fetchedAt.getTime() >= CACHE_MS) throw refuse('unavailable')
  return known
}

/** Asks the hub now; several callers share one attempt. What fails is logged, and the last good one stays. */
export async function refreshDirectory(ctx: HubReader): Promise<void> {
  const memory = memoryOf(ctx.db)
  memory.refreshing ??= refresh(ctx, memory).finally(() => {
    memory.refreshing = undefined
  })
  await memory.refreshing
}

async function refresh(ctx: HubReader, memory: Memory): Promise<void> {
  memory.triedAt = ctx.now().getTime()
  try {
    memory.known = await fetchDirectory(ctx)
  } catch (error) {
    if (!(error instanceof FetchFault || error instanceof HubError)) throw error
    ctx.log.error({ event: 'directory.not-refreshed', err: error, fault: faultOf(error) })
    memory.known ??= await rememberedDirectory(ctx)
  }
}

function faultOf(error: FetchFault | HubError): string {
  return error instanceof FetchFault ? error.reason : error.code
}

async function fetchDirectory(ctx: HubReader): Promise<KnownDirectory> {
  const { status, text } = await boundedFetch({
    dispatcher: ctx.dispatcher,
    url: `${ctx.hubUrl}/directory`,
    method: 'GET',
    bytesMax: TOKEN_BYTES_MAX['tsunagi-directory+jwt'],
    signal: AbortSignal.timeout(FETCH_MS),
  })
  if (status !== 200) throw refuse('hub-answer-invalid')
  const fetchedAt = ctx.now()
  const { version, directory } = await verifyDirectory(ctx, text, false)
  const contentHash = sha256(JSON.stringify(directory))
  await ctx.db.transaction(async (tx) => {
    const newest = await newestDirectory(tx)
    if (newest !== undefined && version < newest.version)
      throw refuse('hub-answer-invalid', { at: 'version' })
    const kept = await keepDirectory(tx, { version, contentHash, token: text, fetchedAt })
    if (!kept) throw refuse('hub-answer-invalid', { at: 'directory' })
    await adoptSuccessors(tx, directory, fetchedAt)
  })
  return { version, directory, fetchedAt }
}

/** After a restart while the hub is away: the newest seen, if its key is still pinned. */
async function rememberedDirectory(ctx: HubReader): Promise<KnownDirectory | undefined> {
  const newest = await newestDirectory(ctx.db)
  if (newest === undefined) return undefined
  try {
    const { version, directory } = await verifyDirectory(ctx, newest.token, true)
    return { version, directory, fetchedAt: newest.fetchedAt }
  } catch (error) {
    if (error instanceof HubError) return undefined
    throw error
  }
}

async function verifyDirectory(ctx: HubReader, token: string, archived: boolean) {
  const { claims } = await verifyToken(token, {
    typ: 'tsunagi-directory+jwt',
    schema: directoryClaimsSchema,
    audience: DIRECTORY_AUDIENCE,
    now: ctx.now(),
    keyOf: (kid) => directoryKey(ctx, token, kid),
    archived,
  })
  if (claims.directory.hub.url !== ctx.hubUrl) throw refuse('token-issuer')
  return claims
}

const namesItsKey = z.object({
  directory: z.object({ hub: z.object({ keys: z.object({ directory: publicJwkSchema }) }) }),
})

/** The directory brings its own key along: believed only because the council pinned that key's thumbprint. */
async function directoryKey(
  ctx: HubReader,
  token: string,
  kid: string,
): Promise<(VerifyingKey & { owner: string }) | undefined> {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  const named = namesItsKey.safeParse(JSON.parse(payload))
  if (!named.success) return undefined
  const key = await verifyingKey(named.data.directory.hub.keys.directory)
  const isPinned = key.kid === kid && (await findPin(ctx.db, kid))?.owner === HUB
  return isPinned ? { ...key, owner: ctx.hubUrl } : undefined
}
