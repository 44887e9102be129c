import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { type DatabaseTarget, openDatabase } from './database.ts'
import { must } from './must.ts'
import { embeddedRefusal } from './postgres-refusals.ts'
import { type ServerPlace, SUPERUSER } from './postgres-server.ts'
import { socketFolderOf } from './socket-folder.ts'

const START_MS = 120_000
const POLL_MS = 50
const KEEPERS_FAILED_MAX = 3
const KEEPER = fileURLToPath(new URL('./postgres-keeper.ts', import.meta.url))

export interface EmbeddedPostgres {
  target(database: string): DatabaseTarget
  /** Creates the database unless it exists. */
  ensureDatabase(name: string): Promise<void>
  /** Gives the lease back; if it was the last one, resolves when the server has stopped. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A PostgreSQL of our own in a data folder, for trying out and for tests. However many processes open the folder
 * they share one server, which stops when the last of them has gone, killed ones too. It has no TCP port; its
 * socket lies in a folder which only this account (and root) can enter, and needs no password.
 */
export async function openEmbeddedPostgres(
  folder: string,
  { settings = {} }: { settings?: Record<string, string> } = {},
): Promise<EmbeddedPostgres> {
  mkdirSync(folder, { recursive: true })
  const path = realpathSync(folder)
  const place = { folder: path, socketFolder: socketFolderOf(path), settings }
  let leaving = false
  let lease = await holdLease(place)
  lease.once('close', renew)

  /** Somebody killed the keeper or the server: a new one recovers, and the pools connect again by themselves. */
  async function renew(): Promise<void> {
    if (leaving) return
    lease = await holdLease(place).catch(() => lease)
    if (leaving) lease.end()
    else if (!lease.destroyed) lease.once('close', renew)
  }

  const target = (database: string) => ({ socketFolder: place.socketFolder, database, user: SUPERUSER })
  return {
    target,
    ensureDatabase: (name) => ensureDatabase(target('postgres'), name),
    async [Symbol.asyncDispose]() {
      leaving = true
      if (lease.destroyed) return
      lease.ref().end()
      await once(lease, 'close')
    },
  }
}

async function ensureDatabase(server: DatabaseTarget, name: string): Promise<void> {
  must(/^[a-z_][a-z0-9_]{0,62}$/.test(name), 'a database has a plain name')
  await using db = openDatabase(server, { connectionsMax: 1 })
  const [found] = await db.execute(sql`select 1 from pg_database where datname = ${name}`)
  if (found !== undefined) return
  try {
    await db.execute(sql`create database ${sql.identifier(name)}`)
  } catch (error) {
    const [created] = await db.execute(sql`select 1 from pg_database where datname = ${name}`)
    if (created === undefined) throw error
  }
}

/** Asks the folder's keeper for a lease, and starts a keeper where none answers. */
async function holdLease(place: ServerPlace): Promise<Socket> {
  const patience = Date.now() + START_MS
  let keeper: ChildProcess | undefined
  let failed = 0
  while (Date.now() < patience && failed < KEEPERS_FAILED_MAX) {
    const lease = await askLease(place)
    if (lease !== undefined) return lease
    if (keeper === undefined || keeper.exitCode !== null || keeper.signalCode !== null) {
      if (keeper !== undefined && keeper.exitCode !== 0) failed += 1
      keeper = startKeeper(place)
    }
    await pause(POLL_MS)
  }
  throw embeddedRefusal('postgres-failed', join(place.folder, 'server.log'))
}

/** The lease once the server takes connections; undefined where no keeper answers, or it stopped meanwhile. */
async function askLease({ folder, socketFolder }: ServerPlace): Promise<Socket | undefined> {
  const lease = createConnection(join(socketFolder, 'lease'))
  let said = ''
  try {
    for await (const chunk of lease.iterator({ destroyOnReturn: false })) {
      said += String(chunk)
      if (said.endsWith('\n')) break
    }
  } catch {
    return undefined
  }
  if (said.startsWith('failed ')) {
    lease.destroy()
    throw embeddedRefusal(said.slice('failed '.length).trim(), join(folder, 'server.log'))
  }
  if (said !== 'ready\n') return undefined
  return lease
    .on('error', () => {})
    .resume()
    .unref()
}

/** Detached, in a session of its own: Ctrl-C in a terminal and the death of its starter leave it alone. */
function startKeeper(place: ServerPlace): ChildProcess {
  const log = openSync(join(place.folder, 'server.log'), 'a', 0o600)
  const { PATH, TMPDIR } = process.env
  const keeper = spawn(
    process.execPath,
    [KEEPER, JSON.stringify({ folder: place.folder, settings: place.settings })],
    {
      cwd: '/',
      detached: true,
      env: { PATH, TMPDIR },
      stdio: ['ignore', log, log],
    },
  )
  closeSync(log)
  keeper.on('error', () => {}).unref()
  return keeper
}
