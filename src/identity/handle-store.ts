import { and, eq, gt, inArray } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { handle } from './tables.ts'

export async function insertHandle(tx: Transaction, row: typeof handle.$inferInsert): Promise<void> {
  await tx.insert(handle).values(row)
}

export async function findHandle(
  db: Queryable,
  digest: string,
  holder: { region: string; institution: string; at: Date },
): Promise<Pick<typeof handle.$inferSelect, 'person' | 'named' | 'isExact'> | undefined> {
  const { region, institution, at } = holder
  const [row] = await db
    .select({ person: handle.person, named: handle.named, isExact: handle.isExact })
    .from(handle)
    .where(
      and(
        eq(handle.digest, digest),
        eq(handle.region, region),
        eq(handle.institution, institution),
        gt(handle.expiresAt, at),
      ),
    )
  return row
}

/** After a person came apart nobody can say which part a handle was given for. */
export async function deleteHandles(tx: Transaction, persons: readonly string[]): Promise<void> {
  if (persons.length > 0) await tx.delete(handle).where(inArray(handle.person, [...persons]))
}
