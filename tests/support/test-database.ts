import { randomBytes } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { inject } from 'vitest'
import { type Database, type DatabaseTarget, openDatabase } from '../../src/kernel/database.ts'

const CONNECTIONS_MAX = 4

/** Migrated for a hub, or for a gateway; for a hub that three regions have joined; or with nothing in it. */
export type TemplateKind = 'hub' | 'gateway' | 'regions' | 'empty'

export interface TestDatabase extends AsyncDisposable {
  db: Database
  target: DatabaseTarget
}

/**
 * A database of one test's own, cloned from the migrated template; it is dropped when the test ends. Its files
 * are copied: PostgreSQL's own choice, writing every page to the log, takes several times as long for our many
 * tables.
 */
export async function testDatabase(kind: TemplateKind = 'hub'): Promise<TestDatabase> {
  const server = inject('server')
  const run = inject('run')
  const name = `tsunagi_test_${run}_${randomBytes(6).toString('hex')}`
  await administer(
    server,
    sql`create database ${sql.identifier(name)}
    template ${sql.identifier(`tsunagi_template_${kind}_${run}`)} strategy file_copy`,
  )
  const target = databaseAt(server, name)
  const db = openDatabase(target, { connectionsMax: CONNECTIONS_MAX })
  return {
    db,
    target,
    async [Symbol.asyncDispose]() {
      await db.close()
      await administer(server, sql`drop database ${sql.identifier(name)} with (force)`)
    },
  }
}

/** Another database on the same server. */
export function databaseAt(server: DatabaseTarget, database: string): DatabaseTarget {
  if (!('url' in server)) return { ...server, database }
  const url = new URL(server.url)
  url.pathname = `/${database}`
  return { url: url.href }
}

async function administer(server: DatabaseTarget, statement: ReturnType<typeof sql>): Promise<void> {
  await using admin = openDatabase(server, { connectionsMax: 1 })
  await admin.execute(statement)
}
