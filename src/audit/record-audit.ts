import type { Transaction } from '../kernel/database.ts'
import { randomId, randomSalt } from '../kernel/ids.ts'
import { must } from '../kernel/must.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import { canonicalJson } from './canonical-json.ts'
import type { AuditKind } from './kinds.ts'
import { detailDigest, leafOf } from './leaf.ts'
import { insertEntry } from './store.ts'

/** A sealed leaf is promised within this time; one that is not there by then is evidence. */
export const PROMISE_MS = 60_000

const DETAIL_BYTES_MAX = 64 * 1024

export interface AuditEntry {
  kind: AuditKind
  at: Date
  /** Everything that is to be provable and may one day have to be erased. */
  detail: { [key: string]: JsonValue }
}

/** Goes into mandates and receipts: whoever holds one can later ask the log for the leaf. */
export interface AuditPromise {
  /** The leaf's hash, base64url. */
  leaf: string
  by: string
}

/** Takes a Transaction, never a Database: a change that cannot be recorded does not happen. */
export async function recordAudit(tx: Transaction, entry: AuditEntry): Promise<AuditPromise> {
  const detail = canonicalJson(entry.detail)
  must(Buffer.byteLength(detail) <= DETAIL_BYTES_MAX, 'an audit detail has at most 64 KiB')
  const [id, salt, at] = [randomId(), randomSalt(), entry.at.toISOString()]
  const digest = detailDigest(salt, detail)
  const leaf = leafOf({ id, kind: entry.kind, at, digest })
  await insertEntry(tx, { id, kind: entry.kind, at, digest, salt, detail, leaf })
  return {
    leaf: Buffer.from(leaf).toString('base64url'),
    by: new Date(entry.at.getTime() + PROMISE_MS).toISOString(),
  }
}
