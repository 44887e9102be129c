import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { must } from './must.ts'
import {
  type PostgresBinaries,
  postgresBinaries,
  type ServerAccount,
  serverAccount,
} from './postgres-binaries.ts'
import { postmasterOf, stopOrphan } from './postmaster.ts'

export const SUPERUSER = 'tsunagi'

const STARTS_MAX = 3
const POLL_MS = 20
const UNFINISHED = 'initdb-'
const SHARED_BUFFERS_MIB_MAX = 512

/**
 * What no session may change to its liking. The log of the server gets no statement and no detail: both would
 * hold patients.
 */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  // PostgreSQL's own defaults are for the smallest of machines. A quarter of the memory is what its manual starts
  // from; beyond the limit the operating system's cache does as well. A load writes gigabytes of log: of each page that
  // it touches again after a checkpoint it writes the whole, so these are far apart.
  shared_buffers: `${Math.floor(Math.min(totalmem() / 4 / 2 ** 20, SHARED_BUFFERS_MIB_MAX))}MB`,
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
}

/** The server stops by itself, in order, when the pipe on its guard's standard input closes. */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- & server=$!
( read -r _ <&3; kill -INT $server ) & guard=$!
wait $server; status=$?
kill $guard 2>/dev/null
exit $status`

export interface ServerPlace {
  folder: string
  socketFolder: string
  settings: Readonly<Record<string, string>>
}

/**
 * Starts PostgreSQL on the folder and resolves when it takes connections. The caller holds the folder's lock, so
 * whatever server still runs there is an orphan, and whatever lock files lie there are stale.
 */
export async function startServer(place: ServerPlace): Promise<ChildProcess> {
  const binaries = await postgresBinaries()
  const account = serverAccount(place.folder, binaries)
  const data = join(place.folder, 'data')
  await stopOrphan(data)
  if (!existsSync(data)) await initialise(place, binaries, account)
  give(account, data, place.socketFolder)
  for (let tries = 1; ; tries += 1) {
    for (const stale of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock'])
      rmSync(join(place.socketFolder, stale), { force: true })
    const server = launch(place, binaries, account)
    if (await accepts(server, data)) return server
    must(tries < STARTS_MAX, 'PostgreSQL starts; see the end of server.log for its reason')
    await pause(200 * tries)
  }
}

function launch(place: ServerPlace, { postgres }: PostgresBinaries, account: ServerAccount): ChildProcess {
  const settings = { ...SETTINGS, ...place.settings, unix_socket_directories: place.socketFolder }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const command = [...account.prefix, postgres, '-D', join(place.folder, 'data'), ...flags]
  return spawn('/bin/sh', ['-c', GUARD, 'sh', ...command], {
    ...account.ids,
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
}

/** PostgreSQL writes `ready` on the eighth line of postmaster.pid; pg_ctl waits for the same. */
async function accepts(server: ChildProcess, data: string): Promise<boolean> {
  while (server.exitCode === null && server.signalCode === null) {
    if (postmasterOf(data)?.state === 'ready') return true
    await pause(POLL_MS)
  }
  return false
}

/** Into a folder of its own and then renamed, so that a start that was cut short leaves nothing half made. */
async function initialise(
  place: ServerPlace,
  { initdb }: PostgresBinaries,
  account: ServerAccount,
): Promise<void> {
  const data = join(place.folder, `${UNFINISHED}${process.pid}`)
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(place.folder, name), { recursive: true, force: true })
  }
  mkdirSync(data, { mode: 0o700 })
  give(account, data)
  const [command = '', ...args] = [
    ...account.prefix,
    initdb,
    '-D',
    data,
    `--username=${SUPERUSER}`,
    '--auth=trust',
    '--no-instructions',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    `--locale=${process.platform === 'darwin' ? 'C' : 'C.UTF-8'}`,
    ...(place.settings.fsync === 'off' ? ['--no-sync'] : []),
  ]
  const env = { PATH: process.env.PATH }
  const child = spawn(command, args, {
    ...account.ids,
    cwd: '/',
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [status] = await once(child, 'exit')
  must(status === 0, 'initdb succeeds; see the end of server.log for its reason')
  renameSync(data, join(place.folder, 'data'))
}

/** The data folder may have been made under another account, by a start from elsewhere. */
function give({ ids }: ServerAccount, ...folders: string[]): void {
  if (process.geteuid?.() !== 0) return
  const owner = `${ids.uid ?? 0}:${ids.gid ?? 0}`
  for (const folder of folders) execFileSync('chown', ['-R', owner, folder])
}
