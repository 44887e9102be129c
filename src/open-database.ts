import { resolve } from 'node:path'
import {
  type Database,
  type DatabaseTarget,
  migrateDatabase,
  openDatabase,
  type Side,
} from './kernel/database.ts'
import { openEmbeddedPostgres } from './kernel/embedded-postgres.ts'

/** The process's migrated database; a PostgreSQL of its own in the data folder where no DATABASE_URL is given. */
export async function openMigratedDatabase(
  config: { DATABASE_URL?: string | undefined; TSUNAGI_DATA: string },
  name: string,
  sides: readonly Side[],
): Promise<{ db: Database } & AsyncDisposable> {
  const embedded =
    config.DATABASE_URL === undefined
      ? await openEmbeddedPostgres(resolve(config.TSUNAGI_DATA, 'postgres'))
      : undefined
  await embedded?.ensureDatabase(name)
  const target: DatabaseTarget = embedded?.target(name) ?? { url: config.DATABASE_URL ?? '' }
  const db = openDatabase(target)
  const close = async () => {
    await db[Symbol.asyncDispose]()
    await embedded?.[Symbol.asyncDispose]()
  }
  try {
    await migrateDatabase(db, sides)
  } catch (error) {
    await close()
    throw error
  }
  return { db, [Symbol.asyncDispose]: close }
}
