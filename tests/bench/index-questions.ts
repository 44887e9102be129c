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
/** As many as a region's systems send at a busy hour: those that come at once go together. */
const MANY_AT_ONCE = 48

/** Entries of one batch. */
const BATCH = 100
const BATCHES_AT_ONCE = 4

/**
 * Each question for itself, 8 at once: the look-up by the bare driver on 8 connections, the same by the hub's own
 * code without HTTP and signature, then over HTTP with both, its entry in the log and its commit. Then batches of
 * them, in one signed request each, by the time of a batch and the entries of all in a second.
 */
export async function askEverything(asked: Asked): Promise<Record<string, Measured>> {
  const results: Record<string, Measured> = {}
  const keep = async (name: string, workers: number, work: (n: number) => Promise<void>, entries = 1) => {
    const measured = await medianOf(asked.runs, () => measure(workers, asked.ms, work))
    results[name] = { ...measured, perSecond: measured.perSecond * entries, count: measured.count * entries }
    say(row(name, results[name]))
  }
  const patients = asked.patients.map(({ line, id }) => {
    const { telecom: _, ...silent } = JSON.parse(line) as { telecom?: unknown }
    return { line, id, silent: JSON.stringify(silent) }
  })
  const at = (n: number) => patients[n % patients.length] as (typeof patients)[number]
  await bareLookUps(asked, (work) => keep('look-up, postgres.js, 8 connections', AT_ONCE, work), at)
  await using db = openDatabase(asked.target, { connectionsMax: AT_ONCE })
  await keep('look-up by the hub’s code', AT_ONCE, async (n) => {
    await db.execute(ownDuplicates([{ region: asked.region, localId: at(n).id }]))
  })
  await keep('the same put on record, committed', AT_ONCE, (n) =>
    db.transaction(async (tx) => {
      const { region } = asked
      const detail = { region, patient: at(n).id }
      await recordAudit(tx, { kind: 'index.query', at: new Date(), detail })
      await tx.execute(ownDuplicates([{ region, localId: at(n).id }]))
    }),
  )
  const hub = await startHub(asked.data)
  try {
    const send = senderTo(hub.url, asked)
    const named = (id: string) => encodeURIComponent(`${asked.patientSystem}|${id}`)
    let changes = 0
    const pixUrl = (id: string) => `Patient/$ihe-pix?sourceIdentifier=${named(id)}`
    const feedUrl = (id: string) => `Patient?identifier=${named(id)}`
    // Another telephone each time, so that each is a change to decide about.
    const changed = (n: number) =>
      `${at(n).silent.slice(0, -1)},"telecom":[{"system":"phone","value":"${phoneOf(changes++)}"}]}`
    const pix = (n: number) => send({ method: 'GET', path: `/fhir/${pixUrl(at(n).id)}` })
    const match = (n: number) => send({ method: 'POST', path: '/fhir/Patient/$match', body: at(n).line })
    const feed = (n: number) => send({ method: 'PUT', path: `/fhir/${feedUrl(at(n).id)}`, body: changed(n) })
    const batch = (n: number, entryOf: (place: number) => string) => {
      const entries = Array.from({ length: BATCH }, (_, place) => entryOf(n * BATCH + place))
      const body = `{"resourceType":"Bundle","type":"batch","entry":[${entries.join(',')}]}`
      return send({ method: 'POST', path: '/fhir', body })
    }
    const pixEntry = (n: number) => JSON.stringify({ request: { method: 'GET', url: pixUrl(at(n).id) } })
    const feedEntry = (n: number) =>
      `{"resource":${changed(n)},"request":${JSON.stringify({ method: 'PUT', url: feedUrl(at(n).id) })}}`
    await keep('$ihe-pix', AT_ONCE, pix)
    await keep(`$ihe-pix, ${MANY_AT_ONCE} at once`, MANY_AT_ONCE, pix)
    await keep(`$ihe-pix, ${BATCH} a batch`, BATCHES_AT_ONCE, (n) => batch(n, pixEntry), BATCH)
    await keep('$match, 1 at once', 1, match)
    await keep('$match', AT_ONCE, match)
    await keep('feed of a change, committed', AT_ONCE, feed)
    await keep(`feed of a change, ${MANY_AT_ONCE} at once`, MANY_AT_ONCE, feed)
    await keep(`the same, ${BATCH} a batch`, BATCHES_AT_ONCE, (n) => batch(n, feedEntry), BATCH)
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
    const refused = /"status":"[45]\d\d".{0,300}/.exec(text)
    if (refused !== null) throw new Error(`${call.method} ${refused[0]}`)
  }
}

const phoneOf = (n: number) => `04${String(50_000_000 + (n % 10_000_000)).padStart(8, '0')}`
