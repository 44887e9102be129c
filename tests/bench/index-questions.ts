import { spawn } from 'node:child_process'
import { once } from 'node:events'
import postgres from 'postgres'
import { recordAudit } from '../../src/audit/index.ts'
import { ownDuplicates } from '../../src/identity/link-store.ts'
import { type DatabaseTarget, openDatabase } from '../../src/kernel/database.ts'
import type { SigningKey } from '../../src/trust/index.ts'
import { freePort, isReady, until } from '../support/loopback.ts'
import { type RegionId, type SentCall, sendCall } from '../support/sample-calls.ts'
import { type Measured, measure, medianOf, row } from './measure.ts'
import { say } from './watched-step.ts'

/** Residents of one region as they stand in its file, and how to ask about them. */
export interface Asked {
  region: string
  patientSystem: string
  key: SigningKey
  patients: readonly { line: string; id: string }[]
  target: DatabaseTarget
  /** The hub's folder. */
  data: string
  runs: number
  ms: number
}

const ROOT = new URL('../..', import.meta.url).pathname
const AT_ONCE = 8

/**
 * Each question for itself, 8 at once: the look-up by the bare driver on 8 connections, the same by the hub's own
 * code without HTTP and signature, then over HTTP with both, its entry in the log and its commit.
 */
export async function askEverything(asked: Asked): Promise<Record<string, Measured>> {
  const results: Record<string, Measured> = {}
  const keep = async (name: string, workers: number, work: (n: number) => Promise<void>) => {
    const measured = await medianOf(asked.runs, () => measure(workers, asked.ms, work))
    results[name] = measured
    say(row(name, measured))
  }
  const at = (n: number) => asked.patients[n % asked.patients.length] as Asked['patients'][number]
  await bareLookUps(asked, (work) => keep('look-up, postgres.js, 8 connections', AT_ONCE, work), at)
  await using db = openDatabase(asked.target, { connectionsMax: AT_ONCE })
  await keep('look-up by the hub’s code', AT_ONCE, async (n) => {
    await db.execute(ownDuplicates(asked.region, [at(n).id]))
  })
  await keep('the same put on record, committed', AT_ONCE, (n) =>
    db.transaction(async (tx) => {
      const { region } = asked
      const detail = { region, patient: at(n).id }
      await recordAudit(tx, { kind: 'index.query', at: new Date(), detail })
      await tx.execute(ownDuplicates(region, [at(n).id]))
    }),
  )
  const hub = await startHub(asked.data)
  try {
    const send = senderTo(hub.url, asked)
    const named = (id: string) => encodeURIComponent(`${asked.patientSystem}|${id}`)
    let changes = 0
    const pix = (n: number) =>
      send({ method: 'GET', path: `/fhir/Patient/$ihe-pix?sourceIdentifier=${named(at(n).id)}` })
    const match = (n: number) => send({ method: 'POST', path: '/fhir/Patient/$match', body: at(n).line })
    const feed = (n: number) => {
      const { line, id } = at(n)
      // Another telephone each time, so that each is a change to decide about.
      const telecom = [{ system: 'phone', value: phoneOf(changes++) }]
      const body = JSON.stringify({ ...JSON.parse(line), telecom })
      return send({ method: 'PUT', path: `/fhir/Patient?identifier=${named(id)}`, body })
    }
    await keep('$ihe-pix', AT_ONCE, pix)
    await keep('$match, 1 at once', 1, match)
    await keep('$match', AT_ONCE, match)
    await keep('feed of a change, committed', AT_ONCE, feed)
    return results
  } finally {
    hub.process.kill('SIGTERM')
    await once(hub.process, 'exit')
  }
}

/** What the look-up costs at the least: nothing but the driver and PostgreSQL. */
async function bareLookUps(
  { target, region }: Asked,
  keep: (work: (n: number) => Promise<void>) => Promise<void>,
  at: (n: number) => { id: string },
): Promise<void> {
  const sql =
    'socketFolder' in target
      ? postgres({ ...target, path: `${target.socketFolder}/.s.PGSQL.5432`, max: AT_ONCE })
      : postgres(target.url, { max: AT_ONCE })
  await keep(async (n) => {
    await sql`
      select other.region, other.local_id from link join link other on other.person = link.person
       where link.region = ${region} and link.local_id = ${at(n).id}`
  })
  await sql.end()
}

async function startHub(data: string) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { HTTP_PORT: String(port), TSUNAGI_DATA: data, PLAIN_HTTP_ON_LOOPBACK: '1', LOG_LEVEL: 'error' }
  const hub = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await until(() => isReady(url))
  return { process: hub, url }
}

/** Signs and sends as the region does. An answer that is none would be a figure of something else: it ends the run. */
function senderTo(publicUrl: string, { region, key }: Asked): (call: SentCall) => Promise<void> {
  const hub = { publicUrl, now: () => new Date() }
  return async (call) => {
    const response = await sendCall(hub, region as RegionId, key, call)
    const text = await response.text()
    if (!response.ok) throw new Error(`${call.method} ${response.status}: ${text.slice(0, 300)}`)
  }
}

const phoneOf = (n: number) => `04${String(50_000_000 + (n % 10_000_000)).padStart(8, '0')}`
