import { type Hash, leafHash, sha256 } from '../trust/index.ts'

/** What a leaf is made of. Without the detail it still proves which kind of thing was recorded, and when. */
export interface LeafContent {
  /** 128 random bits: without them nobody can tell an entry's leaf from any other. */
  id: string
  kind: string
  /** ISO 8601 in UTC, with milliseconds. */
  at: string
  /** See detailDigest. */
  digest: string
}

/** SHA-256(salt ‖ detail), base64url. Once salt and detail are erased, nothing can be guessed from it. */
export function detailDigest(salt: string, detail: string): string {
  return sha256(Buffer.from(salt, 'base64url'), detail)
}

/** No part can hold a line feed, so two contents never give the same text. */
export function leafOf({ id, kind, at, digest }: LeafContent): Hash {
  return leafHash(Buffer.from(`tsunagi-audit@v1\n${id}\n${kind}\n${at}\n${digest}\n`))
}
