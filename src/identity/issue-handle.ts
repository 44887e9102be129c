import { createHash } from 'node:crypto'
import { recordAudit } from '../audit/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { randomSalt } from '../kernel/ids.ts'
import { findHandle, insertHandle } from './handle-store.ts'

/** Who holds a handle: it opens nothing for anybody else. */
export interface HandleHolder {
  region: string
  institution: string
  at: Date
}

/** An opaque name for a person who is not registered with the asker. The hub keeps its hash alone. */
export async function issueHandle(
  tx: Transaction,
  issued: HandleHolder & { personId: string; expiresAt: Date },
): Promise<string> {
  const { personId, region, institution, at, expiresAt } = issued
  const handle = randomSalt()
  await insertHandle(tx, {
    digest: digestOf(handle),
    person: personId,
    ...{ region, institution, expiresAt },
    issuedAt: at,
  })
  await recordAudit(tx, {
    kind: 'handle.issued',
    at,
    detail: { person: personId, region, institution, until: expiresAt.toISOString() },
  })
  return handle
}

/** The person of a handle, for whom it was issued to and while it lasts. */
export function personOfHandle(
  db: Queryable,
  handle: string,
  holder: HandleHolder,
): Promise<string | undefined> {
  return findHandle(db, digestOf(handle), holder)
}

function digestOf(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url')
}
