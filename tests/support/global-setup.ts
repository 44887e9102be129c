import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { TestProject } from 'vitest/node'
import { type DatabaseTarget, migrateDatabase, openDatabase, type Side } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import type { RegionId } from './sample-calls.ts'
import type { SentKey } from './sent-key.ts'
import { databaseAt, type TemplateKind } from './test-database.ts'
import { enrolRegions } from './three-regions.ts'

/** Nothing of a test outlives the run, so nothing waits for a disk; dropping a database looks through all buffers. */
const FORGETFUL = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  ...{ shared_buffers: '128MB', max_wal_size: '1GB' },
}

/** Where there is memory to spare for it: a database of 800 files is copied there in 20 ms, on a disk in 350. */
const MEMORY = '/dev/shm'
const MEMORY_BYTES_MIN = 4 * 2 ** 30

const SIDES = {
  empty: [],
  hub: ['shared', 'hub'],
  regions: ['shared', 'hub'],
  gateway: ['shared', 'gateway'],
} as const satisfies Record<TemplateKind, readonly Side[]>

declare module 'vitest' {
  export interface ProvidedContext {
    server: DatabaseTarget
    run: string
    regionKeys: Record<RegionId, SentKey>
  }
}

/** One server for the run, with a migrated template for each kind of database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await using start = new AsyncDisposableStack()
  const url = process.env.TEST_DATABASE_URL
  const server = url === undefined ? await ownServer(start) : { url }
  const run = randomBytes(4).toString('hex')
  const admin = start.use(openDatabase(server, { connectionsMax: 1 }))
  for (const [kind, sides] of Object.entries(SIDES)) {
    const name = sql.identifier(`tsunagi_template_${kind}_${run}`)
    await admin.execute(sql`create database ${name} template template0`)
    start.defer(async () => {
      await admin.execute(sql`drop database ${name} with (force)`)
    })
    await using db = openDatabase(databaseAt(server, `tsunagi_template_${kind}_${run}`), {
      connectionsMax: 1,
    })
    await migrateDatabase(db, sides)
    if (kind === 'regions') project.provide('regionKeys', await enrolRegions(db))
  }
  project.provide('server', server)
  project.provide('run', run)
  const held = start.move()
  return () => held.disposeAsync()
}

async function ownServer(start: AsyncDisposableStack): Promise<DatabaseTarget> {
  const folder = mkdtempSync(join(hasMemory() ? MEMORY : tmpdir(), 'tsunagi-test-'))
  start.defer(() => rmSync(folder, { recursive: true, force: true }))
  const postgres = start.use(await openEmbeddedPostgres(folder, { settings: FORGETFUL }))
  return postgres.target('postgres')
}

function hasMemory(): boolean {
  if (!existsSync(MEMORY)) return false
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize >= MEMORY_BYTES_MIN
}
