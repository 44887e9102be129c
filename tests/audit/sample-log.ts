import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { signCheckpoint } from '../../src/audit/checkpoint.ts'
import { type ExportEntry, writeExportLine } from '../../src/audit/export-format.ts'
import { detailDigest, type LeafContent, leafOf } from '../../src/audit/leaf.ts'
import type { LogSigner } from '../../src/audit/signed-note.ts'
import { growPeaks, type Peaks, rootOfPeaks, sha256 } from '../../src/trust/index.ts'

/** A log's key that is the same in every run, so that fixtures can hold what it signed. */
export function sampleSigner(seed = 'a sample log', origin = 'hub.example/audit'): LogSigner {
  const pkcs8 = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(sha256(seed), 'base64url'),
  ])
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return {
    origin,
    publicKey: rawKey(createPublicKey(privateKey)),
    sign: (bytes) => sign(null, bytes, privateKey),
  }
}

function rawKey(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url')
}

export interface SampleLog {
  signer: LogSigner
  lines: string[]
  entries: ExportEntry[]
  /** The note of the log at a size, as a witness would have kept it. */
  noteAt: (size: number) => Promise<string>
}

/** An exported log of `details.length` entries, with a checkpoint every `checkpointEvery` of them. */
export async function sampleLog(
  details: readonly string[],
  { checkpointEvery = 4, signer = sampleSigner() } = {},
): Promise<SampleLog> {
  const entries = details.map(sampleEntry)
  const noteAt = (size: number) => signCheckpoint(treeOf(entries.slice(0, size)), signer)
  const lines = [headerLine(signer)]
  for (const entry of entries) {
    lines.push(writeExportLine(entry))
    const size = entry.index + 1
    if (size % checkpointEvery === 0 && size < entries.length) {
      lines.push(writeExportLine({ checkpoint: await noteAt(size) }))
    }
  }
  lines.push(writeExportLine({ checkpoint: await noteAt(entries.length) }))
  return { signer, lines, entries, noteAt }
}

export function headerLine({ origin, publicKey }: LogSigner): string {
  const key = Buffer.from(publicKey).toString('base64url')
  return writeExportLine({ format: 'tsunagi-audit@v1', origin, publicKey: key })
}

/** Nothing of it is random: ids and salts are hashes of the index. */
export function sampleEntry(detail: string, index: number): ExportEntry {
  const id = sha256(`id ${index}`).slice(0, 22)
  const salt = sha256(`salt ${index}`)
  const at = new Date(Date.UTC(2026, 5, 1, 3, 0, index)).toISOString()
  return withLeaf({
    index,
    id,
    kind: 'query.attempt',
    at,
    digest: detailDigest(salt, detail),
    salt,
    detail,
    leaf: '',
  })
}

/** What somebody writes who changes an entry and knows how leaves are made. */
export function withLeaf(entry: ExportEntry): ExportEntry {
  const { id, kind, at, salt, detail } = entry as LeafContent & { salt: string; detail: string }
  const digest = detailDigest(salt, detail)
  return { ...entry, digest, leaf: Buffer.from(leafOf({ id, kind, at, digest })).toString('base64url') }
}

function treeOf(entries: readonly ExportEntry[]) {
  const peaks: Peaks = { size: 0, hashes: [] }
  for (const { leaf } of entries) growPeaks(peaks, Buffer.from(leaf, 'base64url'))
  return { size: peaks.size, root: rootOfPeaks(peaks.hashes) }
}
