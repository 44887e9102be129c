import { createPublicKey, hash, verify } from 'node:crypto'
import { must } from '../kernel/must.ts'

/** Who signs a log's checkpoints: a name and the 32 bytes of an Ed25519 key that signs nothing else. */
export interface LogIdentity {
  origin: string
  publicKey: Uint8Array
}

export interface LogSigner extends LogIdentity {
  sign(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array
}

const ED25519 = Uint8Array.of(1)
const ID_BYTES = 4
const SIGNATURES_MAX = 64
const NOTE_CHARS_MAX = 20_000

/** C2SP signed-note: `text`, an empty line, `— name base64(key id ‖ signature)`. */
export async function signNote(text: string, signer: LogSigner): Promise<string> {
  must(/^[^\s+]{1,200}$/u.test(signer.origin), 'a note key name has no space and no plus sign')
  must(text.endsWith('\n') && !text.includes('\n\n'), 'the text of a note is lines')
  const signature = await signer.sign(Buffer.from(text))
  return `${text}\n— ${signer.origin} ${Buffer.concat([noteKeyId(signer), signature]).toString('base64')}\n`
}

/** The text of a note which `identity` signed, whoever else signed it too; undefined for anything else. */
export function openNote(note: string, identity: LogIdentity): string | undefined {
  if (note.length > NOTE_CHARS_MAX || !note.isWellFormed() || !note.endsWith('\n')) return undefined
  const end = note.lastIndexOf('\n\n')
  if (end === -1) return undefined
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > SIGNATURES_MAX || !lines.every((line) => line.startsWith('— '))) return undefined
  const own = lines.filter((line) => line.startsWith(`— ${identity.origin} `))
  return own.some((line) => isSignature(line, text, identity)) ? text : undefined
}

function isSignature(line: string, text: string, identity: LogIdentity): boolean {
  const encoded = line.slice(`— ${identity.origin} `.length)
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.toString('base64') !== encoded) return false
  if (!bytes.subarray(0, ID_BYTES).equals(noteKeyId(identity))) return false
  const x = Buffer.from(identity.publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, Buffer.from(text), key, bytes.subarray(ID_BYTES))
}

function noteKeyId({ origin, publicKey }: LogIdentity): Buffer {
  const named = Buffer.concat([Buffer.from(`${origin}\n`), ED25519, publicKey])
  return hash('sha256', named, 'buffer').subarray(0, ID_BYTES)
}
