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

/** How the person was described when the handle was won: it opens no more than that description would. */
export interface HandleWon {
  named: 'with-insured-number' | 'name-alone'
  /** Whether name, sex, birth date and address were all given. */
  isExact: boolean
}

/** An opaque name for a person who is not registered with the asker. The hub keeps its hash alone. */
export async function issueHandle(
  tx: Transaction,
  issued: HandleHolder & HandleWon & { personId: string; expiresAt: Date },
): Promise<string> {
  const { personId, region, institution, named, isExact, at, expiresAt } = issued
  const handle = randomSalt()
  await insertHandle(tx, {
    digest: digestOf(handle),
    person: personId,
    ...{ region, institution, named, isExact, expiresAt },
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
export async function personOfHandle(
  db: Queryable,
  handle: string,
  holder: HandleHolder,
): Promise<string | undefined> {
  return (await readHandle(db, handle, holder))?.person
}

/** The same with how it was won. */
export function readHandle(
  db: Queryable,
  handle: string,
  holder: HandleHolder,
): Promise<(HandleWon & { person: string }) | undefined> {
  return findHandle(db, digestOf(handle), holder)
}

function digestOf(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url')
}
