import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { ftruncateSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { holdLock } from './folder-lock.ts'
import { loggable } from './loggable.ts'
import { type ServerPlace, startServer } from './postgres-server.ts'
import { postmasterOf } from './postmaster.ts'
import { socketFolderOf } from './socket-folder.ts'

/**
 * The keeper of one data folder: a process of its own, which outlives whoever started it. Every user of the
 * folder holds a connection to it as a lease; kill -9 gives a lease back like a clean exit does. When the last
 * is gone, PostgreSQL stops and the keeper ends. If the keeper itself is killed, the server's guard stops it.
 */

const FIRST_LEASE_MS = 10_000
const FAREWELL_MS = 500
const STOP_MS = 30_000

const { folder, settings }: Omit<ServerPlace, 'socketFolder'> = JSON.parse(process.argv[2] ?? '')
process.umask(0o077)
const lock = holdLock(join(folder, 'keeper.lock')) ?? process.exit(0)
const place: ServerPlace = { folder, settings, socketFolder: socketFolderOf(folder) }
const leasePath = join(place.socketFolder, 'lease')
const leases = new Set<Socket>()
let server: ChildProcess | undefined
let stopping = false

ftruncateSync(1)
rmSync(leasePath, { force: true })
const listener = createServer({ allowHalfOpen: true }, (lease) => {
  if (stopping) return lease.destroy()
  leases.add(lease)
  lease.on('error', () => {}).resume()
  lease.once('end', () => giveBack(lease)).once('close', () => giveBack(lease))
  if (server !== undefined) lease.write('ready\n')
}).listen(leasePath)
await once(listener, 'listening')
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
try {
  server = await startServer(place)
} catch (error) {
  console.error(JSON.stringify(loggable(error)))
  for (const lease of leases) lease.end(`failed ${codeOf(error)}\n`)
  listener.close()
  setTimeout(leave, FAREWELL_MS)
}
if (server !== undefined) {
  server.once('exit', leave)
  for (const lease of leases) lease.write('ready\n')
  setTimeout(() => leases.size === 0 && stop(), FIRST_LEASE_MS).unref()
  if (stopping) server.stdin?.end()
}

/** The lease of the last to leave stays open until the server has stopped, so that its holder may wait. */
function giveBack(lease: Socket): void {
  if (leases.size === 1 && leases.has(lease) && server !== undefined) stop()
  if (!stopping) lease.end()
  leases.delete(lease)
}

/** Ctrl-C's way of stopping: sessions end, everything is written. The guard sends it when its pipe closes. */
function stop(): void {
  if (stopping) return
  stopping = true
  rmSync(leasePath, { force: true })
  listener.close()
  server?.stdin?.end()
  setTimeout(() => {
    const postmaster = postmasterOf(join(place.folder, 'data'))
    if (postmaster !== undefined) process.kill(postmaster.pid, 'SIGQUIT')
  }, STOP_MS).unref()
}

/** The folder goes with its last socket; what it shows to a system's cleaner is then never stale. */
function leave(): void {
  rmSync(place.socketFolder, { recursive: true, force: true })
  lock[Symbol.dispose]()
  process.exit(stopping ? 0 : 1)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'postgres-failed'
}
