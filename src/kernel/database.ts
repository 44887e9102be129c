import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsDatabase, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { arrayTypes } from './array-types.ts'
import { openPool } from './connection-pool.ts'
import { driverOf } from './database-driver.ts'

export type { SQL } from 'drizzle-orm'
export { databaseRefusal, isKeyTaken, isOutcomeUnknown, isTlsFault } from './database-refusal.ts'
export { loggable } from './loggable.ts'
export { migrateDatabase, pendingMigrations, type Side } from './migrate-database.ts'

const CONNECTIONS_MAX = 10
const CONNECT_SECONDS = 5
const STATEMENT_MS = 10_000
const LOCK_MS = 2_000
const IDLE_IN_TRANSACTION_MS = 10_000
const CLOSE_MS = 5_000

/** How much later than the server's own limit the client gives up, when the server does not keep it. */
const ANSWER_GRACE_MS = 2_000

/** Where a database is: at a URL, or behind a unix socket which only its owner can reach. */
export type DatabaseTarget = { url: string } | { socketFolder: string; database: string; user: string }

export type Database = PostgresJsDatabase & {
  readonly target: DatabaseTarget
  /** Lets work under way finish for five seconds, then drops it. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** What `db.transaction` hands to its callback. A Database is not one. */
export type Transaction = Parameters<Parameters<PostgresJsDatabase['transaction']>[0]>[0]

/** Either: for reads which do not mind whether they are part of a change. */
export type Queryable = PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>

export interface DatabaseLimits {
  connectionsMax?: number
  statementMs?: number
}

/**
 * A pool of connections with a bound on everything. What happens when:
 * - every connection is busy: a caller waits one second for one, then gets `unavailable` (503);
 * - a statement is slow: the server ends it after 10 s, a wait for a lock after 2 s, a transaction in which
 *   nothing happens after 10 s (each becomes `unavailable` through `databaseRefusal`);
 * - the server or the network freezes: the client gives up 2 s after the server should have, and drops the
 *   connection;
 * - the server restarts or a connection is cut: what was in flight fails, its outcome unknown when it was a
 *   COMMIT; the process goes on, and the next caller gets a new connection. Nothing is sent a second time.
 */
export function openDatabase(target: DatabaseTarget, limits: DatabaseLimits = {}): Database {
  const statementMs = limits.statementMs ?? STATEMENT_MS
  const template = postgresAt(target, statementMs)
  const pool = openPool(template.options as never, limits.connectionsMax ?? CONNECTIONS_MAX)
  const db = drizzle(driverOf(template, pool, statementMs + ANSWER_GRACE_MS))
  takeDatesAndJson(template)
  const close = () => pool.close(CLOSE_MS)
  return Object.assign(db, { target, close, [Symbol.asyncDispose]: close })
}

/**
 * The bare driver with one connection, for what drizzle has no words for, such as COPY. It reconnects by itself
 * and must not run transactions (see `connection.ts`). The caller ends it.
 */
export function openDriver(target: DatabaseTarget, statementMs = STATEMENT_MS): postgres.Sql {
  return postgresAt(target, statementMs)
}

function postgresAt(target: DatabaseTarget, statementMs: number): postgres.Sql {
  const options = {
    max: 1,
    connect_timeout: CONNECT_SECONDS,
    max_lifetime: null,
    fetch_types: false,
    types: arrayTypes,
    onnotice: () => {},
    connection: {
      application_name: 'tsunagi',
      statement_timeout: statementMs,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      TimeZone: 'UTC',
    },
  }
  if ('url' in target) return postgres(target.url, options)
  const { socketFolder, database, user } = target
  return postgres({ ...options, path: `${socketFolder}/.s.PGSQL.5432`, database, user })
}

/** Drizzle makes the driver pass times and JSON as they are; in SQL text a Date or an object is then no value. */
function takeDatesAndJson({ options }: postgres.Sql): void {
  const time = (value: unknown) => (value instanceof Date ? value.toISOString() : value)
  const json = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  for (const type of [1082, 1083, 1114, 1184]) options.serializers[type] = time
  for (const type of [114, 3802]) options.serializers[type] = json
}
