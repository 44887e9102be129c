import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle, type PostgresJsDatabase, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

export { loggable } from './loggable.ts'
export {
  migrateDatabase,
  pendingMigrations,
  type Side,
} from './migrate-database.ts'

const CONNECTIONS_MAX = 10
const CONNECT_SECONDS = 5
const IDLE_SECONDS = 300
const STATEMENT_MS = 10_000
const LOCK_MS = 2_000
const IDLE_IN_TRANSACTION_MS = 10_000

/** Where a database is: at a URL, or behind a unix socket which only its owner can reach. */
export type DatabaseTarget = { url: string } | { socketFolder: string; database: string; user: string }

export type Database = PostgresJsDatabase & {
  $client: postgres.Sql
  readonly target: DatabaseTarget
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

export function openDatabase(target: DatabaseTarget, limits: DatabaseLimits = {}): Database {
  const client = connect(target, {
    max: limits.connectionsMax ?? CONNECTIONS_MAX,
    connect_timeout: CONNECT_SECONDS,
    idle_timeout: IDLE_SECONDS,
    onnotice: () => {},
    connection: {
      application_name: 'tsunagi',
      statement_timeout: limits.statementMs ?? STATEMENT_MS,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
      TimeZone: 'UTC',
    },
  })
  return Object.assign(drizzle(client), {
    target,
    [Symbol.asyncDispose]: () => client.end({ timeout: 5 }),
  })
}

function connect(
  target: DatabaseTarget,
  options: postgres.Options<Record<string, postgres.PostgresType>>,
): postgres.Sql {
  if ('url' in target) return postgres(target.url, options)
  const { socketFolder, database, user } = target
  return postgres({
    ...options,
    path: `${socketFolder}/.s.PGSQL.5432`,
    database,
    user,
  })
}
