import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openDatabase } from '../../src/kernel/database.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { socketFolderOf } from '../../src/kernel/socket-folder.ts'
import { QUICKLY } from '../support/start-child.ts'

const HOLDER = fileURLToPath(new URL('./hold-postgres.ts', import.meta.url))
const SETTINGS = { settings: { fsync: 'off' } }
const isRoot = process.geteuid?.() === 0
const hasNamespaces = spawnSync('unshare', ['--user', '--map-user=65534', 'true']).status === 0

/** A data folder which goes with the test, and its server with it. */
function temporaryFolder(base = tmpdir()): { path: string; data: string } & Disposable {
  const path = mkdtempSync(join(base, 'tsunagi-embedded-'))
  return {
    path,
    data: join(path, 'data'),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** What initdb makes, made once, for tests of what comes after it. */
const made = temporaryFolder()
beforeAll(async () => {
  await (await openEmbeddedPostgres(made.path, SETTINGS))[Symbol.asyncDispose]()
})
afterAll(() => made[Symbol.dispose]())

function madeFolder(): ReturnType<typeof temporaryFolder> {
  const folder = temporaryFolder()
  cpSync(made.data, folder.data, { recursive: true })
  chmodSync(folder.data, 0o700)
  return folder
}

/** Another process which holds the folder until it is killed. */
async function holder(folder: string, ending = 'stay'): Promise<{ process: ChildProcess; started: string }> {
  const process = spawn(globalThis.process.execPath, [...QUICKLY, HOLDER, folder, ending], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(process.stdout as NodeJS.EventEmitter, 'data')
  return { process, started: JSON.parse(String(line)).started }
}

function postmasterOf(data: string): number {
  return Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
}

function parentOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }))
}

/** A process that ended but was not collected by its parent still has a number; it is not alive. */
function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}

async function untilDead(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 15_000, interval: 20 })
}

async function ask(postgres: EmbeddedPostgres, query: ReturnType<typeof sql>): Promise<unknown[]> {
  await using db = openDatabase(postgres.target('postgres'), { connectionsMax: 1 })
  return [...(await db.execute(query))]
}

describe('the server', () => {
  test('takes no TCP, speaks UTF-8 whatever the machine speaks, checks its pages, keeps statements unlogged', async () => {
    using folder = temporaryFolder()
    await using postgres = await openEmbeddedPostgres(folder.path)
    const found = await ask(
      postgres,
      sql`select current_setting('listen_addresses') as addresses, current_setting('data_checksums') as checksums,
                 current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
                 current_setting('log_min_error_statement') as statements, datlocale as locale
            from pg_database where datname = 'postgres'`,
    )
    expect(found).toEqual([
      {
        addresses: '',
        checksums: 'on',
        encoding: 'UTF8',
        fsync: 'on',
        statements: 'panic',
        locale: 'C.UTF-8',
      },
    ])
    expect(statSync(socketFolderOf(folder.path)).mode & 0o777).toBe(0o700)
    expect(statSync(folder.data).mode & 0o777).toBe(0o700)
  })

  test('makes a database once, for however many ask at once', async () => {
    using folder = madeFolder()
    await using postgres = await openEmbeddedPostgres(folder.path, SETTINGS)
    await Promise.all([1, 2, 3, 4].map(() => postgres.ensureDatabase('hub')))
    await postgres.ensureDatabase('hub')
    expect(await ask(postgres, sql`select datname from pg_database where datname = 'hub'`)).toHaveLength(1)
    await expect(postgres.ensureDatabase('hub"; drop database hub')).rejects.toThrow('plain name')
  })

  test('runs where a socket path in the folder would be too long', async () => {
    using folder = temporaryFolder()
    const deep = join(folder.path, 'd'.repeat(60), 'e'.repeat(60))
    await using postgres = await openEmbeddedPostgres(deep, SETTINGS)
    expect(await ask(postgres, sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('is refused where the socket folder is open to others', async () => {
    using folder = temporaryFolder()
    const sockets = socketFolderOf(folder.path)
    chmodSync(sockets, 0o755)
    await expect(openEmbeddedPostgres(folder.path)).rejects.toMatchObject({ code: 'socket-folder-unsafe' })
    rmSync(sockets, { recursive: true })
  })
})

describe('leases', () => {
  test('who is killed -9 leaves no orphan, and the next start finds what was written', async () => {
    using folder = madeFolder()
    const first = await holder(folder.path)
    const postmaster = postmasterOf(folder.data)
    first.process.kill('SIGKILL')
    await untilDead(postmaster)
    expect(existsSync(join(folder.data, 'postmaster.pid'))).toBe(false)
    await using again = await openEmbeddedPostgres(folder.path, SETTINGS)
    expect(await ask(again, sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('two who open one new folder at once share a server, which stops after the last of them', async () => {
    using folder = temporaryFolder()
    const [one, other] = await Promise.all([holder(folder.path), holder(folder.path)])
    expect(one.started).toBe(other.started)
    one.process.kill('SIGKILL')
    await once(one.process, 'exit')
    const own = await openEmbeddedPostgres(folder.path, SETTINGS)
    other.process.kill('SIGKILL')
    await once(other.process, 'exit')
    expect(await ask(own, sql`select pg_postmaster_start_time()::text as started`)).toEqual([
      { started: one.started },
    ])
    const postmaster = postmasterOf(folder.data)
    await own[Symbol.asyncDispose]()
    expect(isAlive(postmaster)).toBe(false)
  })

  test('a lease does not keep its process alive', async () => {
    using folder = madeFolder()
    const { process } = await holder(folder.path, 'end')
    const postmaster = postmasterOf(folder.data)
    if (process.exitCode === null) await once(process, 'exit')
    await untilDead(postmaster)
  })

  test('when the keeper is killed the server stops by itself, and who still holds a lease gets a new one', async () => {
    using folder = madeFolder()
    await using postgres = await openEmbeddedPostgres(folder.path, SETTINGS)
    await using db = openDatabase(postgres.target('postgres'))
    await db.execute(sql`create table kept as select 1 as id`)
    const postmaster = postmasterOf(folder.data)
    process.kill(parentOf(parentOf(postmaster)), 'SIGKILL')
    await untilDead(postmaster)
    await vi.waitFor(async () => expect(await db.execute(sql`select id from kept`)).toHaveLength(1), {
      timeout: 10_000,
    })
    expect(postmasterOf(folder.data)).not.toBe(postmaster)
  })

  test('a server whose keeper and guard were killed is stopped by the next start', async () => {
    using folder = madeFolder()
    const { process: first } = await holder(folder.path)
    const postmaster = postmasterOf(folder.data)
    const guard = parentOf(postmaster)
    const keeper = parentOf(guard)
    first.kill('SIGKILL')
    process.kill(guard, 'SIGKILL')
    process.kill(keeper, 'SIGKILL')
    await using next = await openEmbeddedPostgres(folder.path, SETTINGS)
    expect(await ask(next, sql`select 1 as one`)).toEqual([{ one: 1 }])
    expect(isAlive(postmaster)).toBe(false)
  })

  test('a lock file which names a living stranger is stale', async () => {
    using folder = madeFolder()
    await (await openEmbeddedPostgres(folder.path, SETTINGS))[Symbol.asyncDispose]()
    writeFileSync(join(folder.data, 'postmaster.pid'), `${process.pid}\n${folder.data}\n`)
    await using postgres = await openEmbeddedPostgres(folder.path, SETTINGS)
    expect(await ask(postgres, sql`select 1 as one`)).toEqual([{ one: 1 }])
  })

  test('who cannot start a server is told so, and where to read why', async () => {
    using folder = madeFolder()
    const opening = openEmbeddedPostgres(folder.path, {
      settings: { fsync: 'off', shared_buffers: 'plenty' },
    })
    await expect(opening).rejects.toMatchObject({
      code: 'postgres-failed',
      at: join(folder.path, 'server.log'),
      text: { ja: expect.stringContaining('DATABASE_URL') },
    })
    expect(readFileSync(join(folder.path, 'server.log'), 'utf8')).toContain('shared_buffers')
  })
})

describe.runIf(isRoot)('started by root', () => {
  test('the server is nobody, who owns nothing but its data', async () => {
    using folder = temporaryFolder()
    chmodSync(folder.path, 0o755)
    await using _postgres = await openEmbeddedPostgres(folder.path, SETTINGS)
    const owner = (pid: number) =>
      execFileSync('ps', ['-o', 'user=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    expect(owner(postmasterOf(folder.data))).toBe('nobody')
    expect(statSync(folder.path).uid).toBe(0)
    expect(statSync(folder.data).uid).not.toBe(0)
  })

  test.runIf(hasNamespaces)(
    'where nobody may not pass, the server runs in a namespace of its own',
    async () => {
      using parent = temporaryFolder()
      chmodSync(parent.path, 0o700)
      const folder = join(parent.path, 'checkout')
      mkdirSync(folder)
      await using postgres = await openEmbeddedPostgres(folder, SETTINGS)
      expect(await ask(postgres, sql`select 1 as one`)).toEqual([{ one: 1 }])
      expect(statSync(join(folder, 'data')).uid).toBe(0)
    },
  )
})
