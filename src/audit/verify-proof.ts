import { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import { type Hash, verifyConsistency, verifyInclusion } from '../trust/index.ts'
import { openCheckpoint } from './checkpoint.ts'
import type { LogIdentity } from './signed-note.ts'

const hashText = z.string().regex(BYTES_32)
const count = z.int().min(0)
const checkpointNote = z.string().min(1).max(20_000)

/** No tree that can exist is higher. */
const HASHES_MAX = 64

/** That a leaf is in the log, as `GET /audit/proof` gives it. Hashes are base64url. */
export const inclusionSchema = z.strictObject({
  leaf: hashText,
  index: count,
  size: count,
  hashes: z.array(hashText).max(HASHES_MAX),
  checkpoint: checkpointNote,
})
export type Inclusion = z.infer<typeof inclusionSchema>

/** That the log only grew, as `GET /audit/consistency` gives it. */
export const growthSchema = z.strictObject({
  from: count,
  to: count,
  hashes: z.array(hashText).max(2 * HASHES_MAX),
  checkpoint: checkpointNote,
})
export type Growth = z.infer<typeof growthSchema>

export type InclusionVerdict =
  | 'included'
  | 'proof-malformed'
  | 'another-leaf'
  | 'checkpoint-not-signed'
  | 'another-size'
  | 'not-included'

/** Whether the log, known by name and key alone, holds the promised leaf. First refusal wins. */
export function verifyProof(proof: unknown, leaf: string, log: LogIdentity): InclusionVerdict {
  const { data } = inclusionSchema.safeParse(proof)
  if (data === undefined) return 'proof-malformed'
  if (data.leaf !== leaf) return 'another-leaf'
  const tree = openCheckpoint(data.checkpoint, log)
  if (tree === undefined) return 'checkpoint-not-signed'
  if (tree.size !== data.size) return 'another-size'
  const held = verifyInclusion({ index: data.index, hash: hashOf(leaf) }, tree, data.hashes.map(hashOf))
  return held ? 'included' : 'not-included'
}

export type GrowthVerdict =
  | 'grown'
  | 'proof-malformed'
  | 'known-checkpoint-not-signed'
  | 'checkpoint-not-signed'
  | 'another-size'
  | 'smaller'
  | 'inconsistent'

/**
 * Whether the log still begins with what a checkpoint seen earlier said. Two signed notes of one size with
 * different roots convict the log by themselves; until then it may still come up with a right proof, or with a
 * newer checkpoint than a smaller one.
 */
export function verifyGrowth(proof: unknown, known: string, log: LogIdentity): GrowthVerdict {
  const { data } = growthSchema.safeParse(proof)
  if (data === undefined) return 'proof-malformed'
  const before = openCheckpoint(known, log)
  if (before === undefined) return 'known-checkpoint-not-signed'
  const after = openCheckpoint(data.checkpoint, log)
  if (after === undefined) return 'checkpoint-not-signed'
  if (after.size < before.size) return 'smaller'
  if (data.from !== before.size || data.to !== after.size) return 'another-size'
  return verifyConsistency(before, after, data.hashes.map(hashOf)) ? 'grown' : 'inconsistent'
}

function hashOf(text: string): Hash {
  return Buffer.from(text, 'base64url')
}
