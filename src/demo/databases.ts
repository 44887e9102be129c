import { sql } from 'drizzle-orm'
import { gatewayDatabaseName } from '../gateway-process.ts'
import { type Database, openDatabase } from '../kernel/database.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { REGION_IDS, type RegionId } from './world/index.ts'

/** What both processes and set-up read: the same variables as everybody's. */
export interface DemoConfig {
  DATABASE_URL?: string | undefined
  TSUNAGI_DATA: string
}

type Owner = 'hub' | RegionId

const OWNERS: readonly Owner[] = ['hub', ...REGION_IDS]

/** The configuration of one process. Beside the database of DATABASE_URL the hub and each gateway have their own. */
export function configOf(config: DemoConfig, owner: Owner): DemoConfig {
  if (config.DATABASE_URL === undefined) return config
  const url = new URL(config.DATABASE_URL)
  url.pathname = `/${nameBeside(url, owner)}`
  return { ...config, DATABASE_URL: url.href }
}

/** The environment of one process, with what is its own. */
export function environmentOf(config: DemoConfig, more: Record<string, string>): Record<string, string> {
  const { DATABASE_URL, TSUNAGI_DATA } = config
  return {
    ...(DATABASE_URL === undefined ? {} : { DATABASE_URL }),
    ...{ TSUNAGI_DATA, PLAIN_HTTP_ON_LOOPBACK: '1' },
    ...more,
  }
}

/** The database as its operator sees it. */
export function openDemoDatabase(
  config: DemoConfig,
  owner: Owner,
): Promise<{ db: Database } & AsyncDisposable> {
  const own = configOf(config, owner)
  return owner === 'hub'
    ? openMigratedDatabase(own, 'tsunagi_hub', ['shared', 'hub'])
    : openMigratedDatabase(own, gatewayDatabaseName(owner), ['shared', 'gateway'])
}

/** On a server of somebody's: makes the demonstration's databases anew, and touches no other. */
export async function makeDatabasesBeside(databaseUrl: string): Promise<void> {
  await using server = openDatabase({ url: databaseUrl }, { connectionsMax: 1 })
  for (const owner of OWNERS) {
    const name = sql.identifier(nameBeside(new URL(databaseUrl), owner))
    await server.execute(sql`drop database if exists ${name} with (force)`)
    await server.execute(sql`create database ${name}`)
  }
}

/** `tsunagi_demo_hub` beside `tsunagi`. */
function nameBeside(url: URL, owner: Owner): string {
  const beside = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username)
  return `${beside}_demo_${owner === 'hub' ? 'hub' : `gateway_${owner}`}`
}
