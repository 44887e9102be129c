import { desc, sql } from 'drizzle-orm'
import { z } from 'zod'
import { recordAudit } from '../audit/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import {
  freshClaims,
  publicJwkSchema,
  regionIdSchema,
  type SigningKey,
  sha256,
  signToken,
} from '../trust/index.ts'
import { INSTITUTION_KIND_CODES, STAGES } from '../vocabulary/index.ts'
import { readRegistry } from './read-registry.ts'
import { listKeys, listMembers, listRegions } from './store.ts'
import { directory } from './tables.ts'

/** Who is who among the networks. The hub distributes it and does not vouch for the keys in it. */
export const directorySchema = z.strictObject({
  hub: z.strictObject({
    url: z.string().max(500),
    /** `directory` signed this very token: whoever pinned its thumbprint can check it without asking elsewhere. */
    keys: z.strictObject({
      directory: publicJwkSchema,
      mandate: publicJwkSchema,
      receipt: publicJwkSchema,
      checkpoint: publicJwkSchema,
    }),
  }),
  regions: z
    .array(
      z.strictObject({
        id: regionIdSchema,
        name: z.string().min(1).max(100),
        patientSystem: z.string().min(1).max(200),
        gatewayUrl: z.string().max(500).nullable(),
        stage: z.enum(STAGES),
        keys: z
          .array(z.strictObject({ jwk: publicJwkSchema, successor: z.string().max(2_048).nullable() }))
          .max(20),
      }),
    )
    .max(500),
  institutions: z
    .array(
      z.strictObject({
        number: z.string().regex(/^[0-9A-Z]{10}$/),
        name: z.string().min(1).max(100),
        kind: z.enum(INSTITUTION_KIND_CODES),
        regions: z.array(regionIdSchema).max(50),
      }),
    )
    .max(20_000),
})
export type Directory = z.infer<typeof directorySchema>

export const directoryClaimsSchema = z.strictObject({
  iss: z.string().max(200),
  aud: z.string().max(200),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().max(64),
  version: z.int().min(1),
  directory: directorySchema,
})

/** Everybody may read the directory, so it is addressed to nobody in particular. */
export const DIRECTORY_AUDIENCE = 'tsunagi-directory'

export interface DirectoryKeys {
  directory: SigningKey
  mandate: SigningKey
  receipt: SigningKey
  checkpoint: SigningKey
}

type Publisher = Context & { publicUrl: string; keys: DirectoryKeys }

/** Anybody may ask, so for this long one signature does for all who ask while the register stands as it is. */
const SIGNED_MS = 5_000

interface Signed {
  registry: number
  version: number
  token: string
  at: number
}
const signed = new WeakMap<DirectoryKeys, Signed>()

/**
 * The directory as it is now, signed for immediate use. A content not published before gets the next version,
 * and an entry in the log, in one transaction; versions never fall, and one version is one content.
 */
export async function publishDirectory(context: Publisher): Promise<string> {
  const { version: registry } = await readRegistry(context.db)
  const now = context.now()
  const known = signed.get(context.keys)
  const age = now.getTime() - (known?.at ?? 0)
  // Another process may have published meanwhile: keys and memberships also begin and end by themselves.
  const isNewest = async () => (await newestVersion(context.db))?.version === known?.version
  if (known?.registry === registry && age >= 0 && age < SIGNED_MS && (await isNewest())) return known.token
  const { version, content } = await publishedNow(context, now)
  const claims = { ...freshClaims(context.publicUrl, DIRECTORY_AUDIENCE, now), version, directory: content }
  const token = await signToken(context.keys.directory, 'tsunagi-directory+jwt', claims)
  signed.set(context.keys, { registry, version, token, at: now.getTime() })
  return token
}

interface Published {
  version: number
  content: Directory
}

async function publishedNow(context: Publisher, now: Date): Promise<Published> {
  return (
    (await publishedAlready(context, context.db, now)) ??
    context.db.transaction(async (tx) => {
      // One publisher at a time, and the content read after its turn came: an older one must not follow a newer.
      await tx.execute(sql`lock table ${directory} in share row exclusive mode`)
      return (await publishedAlready(context, tx, now)) ?? publishNext(context, tx, now)
    })
  )
}

/** The content as it is, if the newest version says just that. */
async function publishedAlready(
  context: Publisher,
  db: Queryable,
  now: Date,
): Promise<Published | undefined> {
  const content = await currentDirectory(context, db, now)
  const newest = await newestVersion(db)
  return newest?.contentHash === hashOf(content) ? { version: newest.version, content } : undefined
}

async function publishNext(context: Publisher, tx: Transaction, now: Date): Promise<Published> {
  const content = await currentDirectory(context, tx, now)
  const version = ((await newestVersion(tx))?.version ?? 0) + 1
  const contentHash = hashOf(content)
  await tx.insert(directory).values({ version, contentHash, publishedAt: now })
  await recordAudit(tx, { kind: 'directory.published', at: now, detail: { version, contentHash } })
  return { version, content }
}

async function currentDirectory(context: Publisher, db: Queryable, now: Date): Promise<Directory> {
  const regions = await listRegions(db)
  const keys = await listKeys(db, now)
  const institutions = await listMembers(db, now)
  const { directory, mandate, receipt, checkpoint } = context.keys
  return {
    hub: {
      url: context.publicUrl,
      keys: {
        directory: directory.publicJwk,
        mandate: mandate.publicJwk,
        receipt: receipt.publicJwk,
        checkpoint: checkpoint.publicJwk,
      },
    },
    regions: regions.map(({ id, name, patientSystem, gatewayUrl, stage }) => ({
      id,
      name,
      patientSystem,
      gatewayUrl,
      stage,
      keys: keys
        .filter((key) => key.region === id)
        .map((key) => ({ jwk: key.jwk, successor: key.successorToken })),
    })),
    institutions,
  }
}

function hashOf(content: Directory): string {
  return sha256(JSON.stringify(content))
}

async function newestVersion(db: Queryable) {
  const [row] = await db.select().from(directory).orderBy(desc(directory.version)).limit(1)
  return row
}
