import type { SQL, Transaction } from '../kernel/database.ts'
import { randomId, randomSalt } from '../kernel/ids.ts'
import { must, present } from '../kernel/must.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import { canonicalJson } from './canonical-json.ts'
import type { AuditKind } from './kinds.ts'
import { detailDigest, leafOf } from './leaf.ts'
import { insertEntries, type NewEntry, writingEntries } from './store.ts'

/** A sealed leaf is promised within this time; one that is not there by then is evidence. */
export const PROMISE_MS = 60_000

const DETAIL_BYTES_MAX = 64 * 1024

export interface AuditEntry {
  kind: AuditKind
  at: Date
  /** Everything that is to be provable and may one day have to be erased. */
  detail: { [key: string]: JsonValue }
  /** What the entry can be looked up by later, as `registration:<region>|<patient id>`; nothing else finds it again. */
  about?: readonly string[]
}

/** Goes into mandates and receipts: whoever holds one can later ask the log for the leaf. */
export interface AuditPromise {
  /** The leaf's hash, base64url. */
  leaf: string
  by: string
}

/** Takes a Transaction, never a Database: a change that cannot be recorded does not happen. */
export async function recordAudit(tx: Transaction, entry: AuditEntry): Promise<AuditPromise> {
  const [promise] = await recordAudits(tx, [entry])
  return present(promise, 'every entry has its promise')
}

/** Several entries of one change in one statement, in their order. */
export async function recordAudits(tx: Transaction, entries: readonly AuditEntry[]): Promise<AuditPromise[]> {
  if (entries.length === 0) return []
  const rows = entries.map(newEntry)
  await insertEntries(tx, rows)
  return rows.map(({ leaf, at }) => ({
    leaf: Buffer.from(leaf).toString('base64url'),
    by: new Date(Date.parse(at) + PROMISE_MS).toISOString(),
  }))
}

/** Parts of a statement that put entries on record where the condition holds for `row.place`, theirs from 1 on. */
export function recordingAudits(entries: readonly AuditEntry[], condition: SQL): SQL {
  return writingEntries(entries.map(newEntry), condition)
}

function newEntry({ kind, at, detail, about = [] }: AuditEntry): NewEntry {
  const text = canonicalJson(detail)
  must(Buffer.byteLength(text) <= DETAIL_BYTES_MAX, 'an audit detail has at most 64 KiB')
  const [id, salt] = [randomId(), randomSalt()]
  const content = { id, kind, at: at.toISOString(), digest: detailDigest(salt, text) }
  return { ...content, salt, detail: text, leaf: leafOf(content), about: [...new Set(about)] }
}
