import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import { type Database, openDatabase, type Queryable, type Transaction } from './database.ts'
import { HubError } from './hub-error.ts'

/** A hub's database is `shared` and `hub`, a gateway's `shared` and `gateway`. */
export type Side = 'shared' | 'hub' | 'gateway'

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))
const MIGRATION_MS = 600_000

/** Any constant will do, as long as every version of this project uses the same. */
const MIGRATION_LOCK = 0x7473_756e

/**
 * Brings the database to what this version of the code expects, or changes nothing: all sides are one
 * transaction. Drizzle's own migrator neither locks (two instances starting together both apply) nor compares
 * hashes; so this reads drizzle's files, keeps drizzle's table, and refuses a database which is ahead of the
 * code or whose applied files were edited since.
 */
export async function migrateDatabase(
  db: Database,
  sides: readonly Side[],
  folder = FOLDER,
): Promise<number> {
  await using own = openDatabase(db.target, {
    connectionsMax: 1,
    statementMs: MIGRATION_MS,
  })
  return await own.transaction(async (tx) => {
    await tx.execute(sql`select set_config('lock_timeout', ${String(MIGRATION_MS)}, true),
                                set_config('idle_in_transaction_session_timeout', '0', true)`)
    await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    let applied = 0
    for (const side of sides) {
      for (const migration of await missing(tx, side, folder)) {
        await apply(tx, side, migration)
        applied += 1
      }
    }
    return applied
  })
}

/** How many migrations of this version the database lacks; readiness says no until there are none. */
export async function pendingMigrations(
  db: Queryable,
  sides: readonly Side[],
  folder = FOLDER,
): Promise<number> {
  let pending = 0
  for (const side of sides) pending += (await missing(db, side, folder)).length
  return pending
}

async function missing(db: Queryable, side: Side, folder: string): Promise<MigrationMeta[]> {
  const files = existsSync(join(folder, side, 'meta/_journal.json'))
    ? readMigrationFiles({ migrationsFolder: join(folder, side) })
    : []
  const applied = await appliedHashes(db, side)
  if (applied.length > files.length) throw new HubError('unavailable', 'database-newer-than-code', NEWER)
  if (applied.some((hash, index) => hash !== files[index]?.hash)) {
    throw new HubError('unavailable', 'migration-edited', EDITED)
  }
  return files.slice(applied.length)
}

async function appliedHashes(db: Queryable, side: Side): Promise<string[]> {
  const [found] = await db.execute<{ table: string | null }>(
    sql`select to_regclass(${`drizzle.${side}`}) as table`,
  )
  if (!found?.table) return []
  const rows = await db.execute<{ hash: string }>(
    sql`select hash from drizzle.${sql.identifier(side)} order by id`,
  )
  return rows.map(({ hash }) => hash)
}

async function apply(tx: Transaction, side: Side, migration: MigrationMeta): Promise<void> {
  for (const statement of migration.sql) {
    if (statement.trim() !== '') await tx.execute(sql.raw(statement))
  }
  await tx.execute(sql`create schema if not exists drizzle`)
  await tx.execute(sql`create table if not exists drizzle.${sql.identifier(side)}
    (id serial primary key, hash text not null, created_at bigint)`)
  await tx.execute(sql`insert into drizzle.${sql.identifier(side)} (hash, created_at)
    values (${migration.hash}, ${migration.folderMillis})`)
}

const NEWER = {
  ja: 'データベースは、このプログラムより新しい版で更新されています。新しい版のプログラムを使ってください。',
  en: 'The database was migrated by a newer version. Use that version of the program.',
}
const EDITED = {
  ja: '適用済みのマイグレーションの内容が、このプログラムのものと異なります。起動を中止しました。',
  en: 'A migration which was applied differs from the one in this program. Refusing to start.',
}
