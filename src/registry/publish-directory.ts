import { desc } from 'drizzle-orm'
import { z } from 'zod'
import { recordAudit } from '../audit/index.ts'
import type { Context } from '../kernel/context.ts'
import {
  freshClaims,
  publicJwkSchema,
  regionIdSchema,
  type SigningKey,
  sha256,
  signToken,
} from '../trust/index.ts'
import { INSTITUTION_KIND_CODES, STAGES } from '../vocabulary/index.ts'
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

/**
 * The directory as it is now, signed for immediate use. A content not published before gets the next version,
 * and an entry in the log, in one transaction; versions never fall.
 */
export async function publishDirectory(
  context: Context & { publicUrl: string; keys: DirectoryKeys },
): Promise<string> {
  const now = context.now()
  const content = await currentDirectory(context, now)
  const version = await versionOf(context, sha256(JSON.stringify(content)), now)
  const claims = { ...freshClaims(context.publicUrl, DIRECTORY_AUDIENCE, now), version, directory: content }
  return signToken(context.keys.directory, 'tsunagi-directory+jwt', claims)
}

async function currentDirectory(
  context: Context & { publicUrl: string; keys: DirectoryKeys },
  now: Date,
): Promise<Directory> {
  const [regions, keys, institutions] = await Promise.all([
    listRegions(context.db),
    listKeys(context.db, now),
    listMembers(context.db, now),
  ])
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

/** The version of this content: the newest if unchanged, else the next. */
async function versionOf(context: Context, contentHash: string, now: Date): Promise<number> {
  const newest = await newestVersion(context)
  if (newest?.contentHash === contentHash) return newest.version
  return context.db.transaction(async (tx) => {
    const version = (newest?.version ?? 0) + 1
    const taken = await tx
      .insert(directory)
      .values({ version, contentHash, publishedAt: now })
      .onConflictDoNothing()
      .returning({ version: directory.version })
    if (taken.length === 1)
      await recordAudit(tx, { kind: 'directory.published', at: now, detail: { version, contentHash } })
    return version
  })
}

async function newestVersion(context: Context) {
  const [row] = await context.db.select().from(directory).orderBy(desc(directory.version)).limit(1)
  return row
}
