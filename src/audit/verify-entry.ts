import { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import { detailDigest, leafOf } from './leaf.ts'
import type { LogIdentity } from './signed-note.ts'
import { inclusionSchema, verifyProof } from './verify-proof.ts'

/** An entry with all that proves it, as `GET /audit/answer` gives it. */
export const provenEntrySchema = z.strictObject({
  entry: z.strictObject({
    id: z.string().max(22),
    kind: z.string().max(64),
    at: z.iso.datetime(),
    salt: z.string().regex(BYTES_32),
    detail: z.string().max(65_536),
  }),
  proof: inclusionSchema,
})
export type ProvenEntry = z.infer<typeof provenEntrySchema>

/** The text of the entry's detail if the log, known by name and key alone, holds exactly this entry. */
export function verifyEntry(proven: unknown, kind: string, log: LogIdentity): string | undefined {
  const { data } = provenEntrySchema.safeParse(proven)
  if (data === undefined || data.entry.kind !== kind) return undefined
  const { id, at, salt, detail } = data.entry
  const hash = leafOf({ id, kind, at, digest: detailDigest(salt, detail) })
  const leaf = Buffer.from(hash).toString('base64url')
  return verifyProof(data.proof, leaf, log) === 'included' ? detail : undefined
}
