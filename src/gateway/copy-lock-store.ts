import { sql } from 'drizzle-orm'
import type { Transaction } from '../kernel/database.ts'

export const POLICY = 'policy'
const MERGES = 'merges'

/** Lock names are one number space for the whole database, so the namespace keeps them from any other's. */
const NAMESPACE = 0x636f_7079

/** Until this transaction ends no release of this person's data commits: it commits before, or sees the change. */
export async function lockForChange(tx: Transaction, key: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${NAMESPACE}, hashtext(${key}))`)
}

/** The same for a change of what is merged into what. Merges come before ids, as at a release, so that neither waits for the other. */
export async function lockMerges(tx: Transaction, localId: string): Promise<void> {
  await lockForChange(tx, MERGES)
  await lockForChange(tx, localId)
}

/**
 * Held by every release: what its decision rests on cannot change before it commits. `formersOf` says, once no merge
 * can come in between, which ids were merged into this one.
 */
export async function lockForRelease(
  tx: Transaction,
  localId: string,
  formersOf: () => Promise<readonly { localId: string }[]>,
): Promise<void> {
  await lockShared(tx, [MERGES])
  const formers = await formersOf()
  await lockShared(tx, [...[localId, ...formers.map((each) => each.localId)].sort(), POLICY])
}

async function lockShared(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.execute(sql`
    select pg_advisory_xact_lock_shared(${NAMESPACE}, hashtext(key))
      from unnest(${sql.param([...keys])}::text[]) as named (key)`)
}
