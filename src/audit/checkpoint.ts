import { must } from '../kernel/must.ts'
import type { Hash, SigningKey } from '../trust/index.ts'
import { type LogIdentity, type LogSigner, openNote, signNote } from './signed-note.ts'

/** A log at one size. Its note is what the world sees. */
export interface Checkpoint {
  size: number
  root: Hash
}

/** C2SP tlog-checkpoint: origin, size, root, and the log's signature. */
export function signCheckpoint({ size, root }: Checkpoint, signer: LogSigner): Promise<string> {
  return signNote(`${signer.origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`, signer)
}

/** What `identity` signed, or undefined. Lines after the root are extensions, which C2SP says to ignore. */
export function openCheckpoint(note: string, identity: LogIdentity): Checkpoint | undefined {
  const [origin, size = '', encoded = ''] = openNote(note, identity)?.split('\n') ?? []
  const root = Buffer.from(encoded, 'base64')
  if (origin !== identity.origin || !/^(0|[1-9]\d{0,14})$/.test(size)) return undefined
  if (root.length !== 32 || root.toString('base64') !== encoded) return undefined
  return { size: Number(size), root }
}

/** The log's own Ed25519 key, ready for signing checkpoints under the log's name. */
export function logSigner(origin: string, { privateKey, publicJwk }: SigningKey): LogSigner {
  must(publicJwk.kty === 'OKP', 'checkpoints are signed with Ed25519')
  return {
    origin,
    publicKey: Buffer.from(publicJwk.x, 'base64url'),
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, Buffer.from(bytes))),
  }
}
