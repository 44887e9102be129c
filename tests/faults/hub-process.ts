import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Database, openDatabase } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { addKey, putRegion } from '../../src/registry/index.ts'
import {
  callClaims,
  freshClaims,
  generateSigningKey,
  type RequestClaims,
  type SigningKey,
  signToken,
} from '../../src/trust/index.ts'
import { freePort, isReady, until } from '../support/loopback.ts'
import { patientIn, patientPath, pixPath, SYSTEM_OF, sendCall } from '../support/sample-calls.ts'

/** A hub waits 10 s for open connections, and little for anything else. */
const STOP_MS = 20_000
const LOOK_UP = pixPath('minato', 'm-1')

/** A hub as an operator runs it: a process and a database of its own, with one region and one resident. */
export async function hubProcess() {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-faults-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child = start(folder, port)
  await ready(url, child)
  const server = await openEmbeddedPostgres(join(folder, 'postgres'))
  const db = openDatabase(server.target('tsunagi_hub'), { connectionsMax: 2 })
  const key = await generateSigningKey('ES256')
  await enrol(db, key)
  const hub = { publicUrl: url, now: () => new Date() }
  const path = patientPath('minato', 'm-1')
  const body = JSON.stringify(patientIn('minato', 'm-1'))
  const fed = await sendCall(hub, 'minato', key, { method: 'PUT', path, body })
  if (!fed.ok) throw new Error(`The feed was refused: ${fed.status}`)

  return {
    url,
    folder,
    lookUp: LOOK_UP,
    /** A token for the look-up of the resident, not used yet. */
    token: () => lookUpToken(url, key),
    /** Resident memory of the hub's process, in bytes. */
    memory: () => residentBytes(child),
    async restart() {
      await stop(child)
      child = start(folder, port)
      await ready(url, child)
    },
    ready: () => ready(url, child),
    async [Symbol.asyncDispose]() {
      try {
        await stop(child)
      } finally {
        await db.close()
        await server[Symbol.asyncDispose]()
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}
export type HubProcess = Awaited<ReturnType<typeof hubProcess>>

async function enrol(db: Database, key: SigningKey): Promise<void> {
  const at = new Date(Date.now() - 86_400_000)
  await db.transaction(async (tx) => {
    const region = { id: 'minato', name: 'minato', patientSystem: SYSTEM_OF.minato, stage: 'asking' } as const
    await putRegion(tx, region, at)
    await addKey(tx, { region: 'minato', jwk: key.publicJwk }, at)
  })
}

function lookUpToken(url: string, key: SigningKey): Promise<string> {
  const call = callClaims({ method: 'GET', url: url + LOOK_UP, body: '' })
  const claims = { ...freshClaims('minato', url, new Date()), ...call }
  return signToken(key, 'tsunagi-request+jwt', claims as RequestClaims)
}

function start(folder: string, port: number): ChildProcess {
  return spawn(process.execPath, ['src/main.ts'], {
    cwd: new URL('../../', import.meta.url),
    env: {
      PATH: process.env.PATH,
      HTTP_PORT: String(port),
      TSUNAGI_DATA: folder,
      PLAIN_HTTP_ON_LOOPBACK: '1',
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** Ends it as an operator would. One that does not end in time is killed, and the test fails. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const isLate = await Promise.race([ended.then(() => false), pause(STOP_MS, true, { ref: false })])
  if (!isLate) return
  child.kill('SIGKILL')
  await ended
  throw new Error(`The hub was told to stop and had not ended ${STOP_MS / 1_000} s later.`)
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  await until(() => {
    if (child.exitCode !== null) throw new Error('The hub ended.')
    return isReady(url)
  })
}

function residentBytes({ pid }: ChildProcess): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
  return Number(pages) * 4096
}
