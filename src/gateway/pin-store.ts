import { desc, eq, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { directorySeen, pin } from './tables.ts'

/** The hub among the owners of pins; a region of that name counts for nothing. */
export const HUB = 'hub'

export type Pin = typeof pin.$inferSelect
export type SeenDirectory = typeof directorySeen.$inferSelect

export async function findPin(db: Queryable, thumbprint: string): Promise<Pin | undefined> {
  const [row] = await db.select().from(pin).where(eq(pin.thumbprint, thumbprint))
  return row
}

export async function listPins(db: Queryable): Promise<Pin[]> {
  return db.select().from(pin).orderBy(pin.owner, pin.acceptedAt, pin.thumbprint)
}

/** False when the thumbprint was pinned before, for whomever. */
export async function insertPin(tx: Transaction, row: Pin): Promise<boolean> {
  const taken = await tx.insert(pin).values(row).onConflictDoNothing().returning({ owner: pin.owner })
  return taken.length === 1
}

/** The directory with the highest version that this gateway ever accepted. */
export async function newestDirectory(db: Queryable): Promise<SeenDirectory | undefined> {
  const [row] = await db.select().from(directorySeen).orderBy(desc(directorySeen.version)).limit(1)
  return row
}

/** Keeps a directory seen; false when another content was seen under the same version. */
export async function keepDirectory(tx: Transaction, row: SeenDirectory): Promise<boolean> {
  const kept = await tx
    .insert(directorySeen)
    .values(row)
    .onConflictDoUpdate({
      target: directorySeen.version,
      set: { token: row.token, fetchedAt: row.fetchedAt },
      setWhere: sql`${directorySeen.contentHash} = ${row.contentHash}`,
    })
    .returning({ version: directorySeen.version })
  return kept.length === 1
}
