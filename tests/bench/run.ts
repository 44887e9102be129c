import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { exportJWK } from 'jose'
import postgres from 'postgres'
import { openDatabase } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { addKey, putAgreement, putInstitution, putRegion, recordPolicy } from '../../src/registry/index.ts'
import { generateSigningKey, type SigningKey } from '../../src/trust/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'
import { freePort, isReady, until } from '../support/loopback.ts'
import { consentIn, patientIn, queryCall, type RegionId, sendCall } from '../support/sample-calls.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { type Measured, machine, measure, medianOf, row } from './measure.ts'

/**
 * The hub (a process) before three regions that answer at once (a process), asked by this one. Beside it, in the
 * same run: the same gateways asked directly in parallel, and the same look-up in plain postgres.js.
 */
const isShort = process.argv.includes('--short')
const isJson = process.argv.includes('--json')
const PERSONS = isShort ? 50 : 300
const MS = isShort ? 2_000 : 8_000
const RUNS = isShort ? 1 : 3
/** Each asks about a few of the persons, so that nobody reaches the default policy's ceiling of 100 a day. */
const USERS = 10
const WORKERS = [1, 8]
const ASKING: RegionId = 'minato'
const HOLDING = ['sagamino', 'shiokaze', 'miura'] as const
const EVERY = [ASKING, ...HOLDING] as RegionId[]

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-bench-'))
const children: ChildProcess[] = []
const say = (line: string) => process.stderr.write(`${line}\n`)

async function main(): Promise<void> {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const steps: Record<string, number>[] = []
  const hubProcess = startHub(port, steps)
  await until(() => isReady(publicUrl))
  const keys = {} as Record<RegionId, SigningKey>
  for (const id of EVERY) keys[id] = await generateSigningKey('ES256')
  const peers = await startPeers(publicUrl, keys)
  await using server = await openEmbeddedPostgres(join(folder, 'postgres'))
  const target = server.target('tsunagi_hub')
  await using db = openDatabase(target)
  await enrol(db, keys, peers)
  const hub = { publicUrl, now: () => new Date() }
  say(`feeding ${PERSONS} persons in ${EVERY.length} regions …`)
  await feed(hub, keys)

  const results: Record<string, Measured> = {}
  const measured = async (name: string, workers: number, work: (n: number) => Promise<void>) => {
    let run = 0
    results[name] = await medianOf(RUNS, async () => {
      say(`${name}: run ${++run} of ${RUNS}, ${MS / 1000} s after warming up …`)
      return measure(workers, MS, work)
    })
  }
  const hubCpu: number[] = []
  for (const workers of WORKERS) {
    const query = (n: number) => answered(sendCall(hub, ASKING, keys[ASKING], queryOf(n % PERSONS)))
    const direct = () => Promise.all(HOLDING.map((id) => askPeer(peers[id] ?? ''))).then(() => {})
    const before = cpuMs(hubProcess.pid)
    let queries = 0
    const counted = (n: number) => query(n).then(() => void queries++)
    await measured(`query, 3 regions, ${workers} at once`, workers, counted)
    hubCpu.push((cpuMs(hubProcess.pid) - before) / queries)
    await measured(`same gateways directly, ${workers} at once`, workers, direct)
  }
  const pix = (n: number) => answered(sendCall(hub, ASKING, keys[ASKING], pixCall(n % PERSONS)))
  await measured('$ihe-pix, 8 at once', 8, pix)
  const sql =
    'socketFolder' in target
      ? postgres({
          path: `${target.socketFolder}/.s.PGSQL.5432`,
          database: target.database,
          user: target.user,
          max: 8,
        })
      : postgres(target.url)
  await measured('same look-up in postgres.js, 8 at once', 8, (n) => lookUp(sql, n % PERSONS))
  await sql.end()
  report(results, steps, hubCpu, hubProcess)
}

/** What the process has used of the processors so far; 0 where the system does not say. */
function cpuMs(pid: number | undefined): number {
  if (process.platform !== 'linux') return 0
  const [, utime = 0, stime = 0] =
    /\) .(?: -?\d+){10} (\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.map(Number) ?? []
  return (utime + stime) * 10
}

function report(
  results: Record<string, Measured>,
  steps: Record<string, number>[],
  hubCpu: number[],
  hub: ChildProcess,
): void {
  const medians = Object.fromEntries(
    Object.keys(steps[0] ?? {}).map((step) => [step, median(steps.map((each) => each[step] ?? 0))]),
  )
  if (isJson) {
    process.stdout.write(
      `${JSON.stringify({ machine: machine(), persons: PERSONS, runs: RUNS, ms: MS, results, steps: medians, hubCpu })}\n`,
    )
    return
  }
  const lines = Object.entries(results).map(([name, measured]) => row(name, measured))
  const p50 = (name: string) => results[name]?.p50 ?? 0
  const added = WORKERS.map(
    (n) =>
      `${(p50(`query, 3 regions, ${n} at once`) - p50(`same gateways directly, ${n} at once`)).toFixed(2)} ms (${n} at once)`,
  )
  process.stdout.write(`${machine()}
${PERSONS} persons × ${EVERY.length} regions, 20 resources of ~0.9 KiB a region, medians of ${RUNS} runs of ${MS / 1000} s; hub pid ${hub.pid}, regions and caller on the same cores
${''.padEnd(46)}${'rate'.padStart(9)} ${'p50'.padStart(11)}${'p95'.padStart(11)}${'p99'.padStart(11)}
${lines.join('\n')}
added by the hub, p50: ${added.join(', ')}
processor time of the hub’s process a query: ${hubCpu.map((ms, at) => `${ms.toFixed(1)} ms (${WORKERS[at]} at once)`).join(', ')}
where the hub’s time goes, median ms a query: ${Object.entries(medians)
    .map(([step, ms]) => `${step} ${ms.toFixed(2)}`)
    .join(', ')}
`)
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function startHub(port: number, steps: Record<string, number>[]): ChildProcess {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: new URL('../../', import.meta.url),
    env: {
      PATH: process.env.PATH,
      HTTP_PORT: String(port),
      TSUNAGI_DATA: folder,
      PLAIN_HTTP_ON_LOOPBACK: '1',
      LOG_LEVEL: 'debug',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as { event?: string; level?: string; ms?: Record<string, number> }
    if (event.event === 'query.answered' && event.ms !== undefined) steps.push(event.ms)
    if (event.level === 'error') say(line)
  })
  return child
}

async function startPeers(
  hubUrl: string,
  keys: Record<RegionId, SigningKey>,
): Promise<Record<string, string>> {
  const child = spawn(process.execPath, [new URL('./peers.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const regions = await Promise.all(
    HOLDING.map(async (id) => ({ id, privateJwk: await exportJWK(keys[id as RegionId].privateKey) })),
  )
  child.stdin.end(JSON.stringify({ hubUrl, regions }))
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return JSON.parse(line) as Record<string, string>
}

async function enrol(
  db: ReturnType<typeof openDatabase>,
  keys: Record<RegionId, SigningKey>,
  peers: Record<string, string>,
): Promise<void> {
  const at = new Date(Date.now() - 86_400_000)
  await db.transaction(async (tx) => {
    for (const [index, id] of EVERY.entries()) {
      await putRegion(
        tx,
        { id, name: id, patientSystem: systemOf(id), stage: 'asking', gatewayUrl: peers[id] },
        at,
      )
      await addKey(tx, { region: id, jwk: keys[id].publicJwk }, at)
      await putInstitution(
        tx,
        { number: `141000000${index + 1}`, name: id, kind: 'clinic', regions: [id] },
        at,
      )
      await recordPolicy(tx, id, policyFrom({ forms: { 'form-2025': readAs('medical-and-care') } }, at), at)
    }
    for (const holding of HOLDING)
      await putAgreement(tx, { asking: ASKING, holding, items: [...ITEM_CODES] }, at)
  })
}

const systemOf = (region: string) =>
  ({ minato: 'urn:oid:2.999.14.1.1', sagamino: 'urn:oid:2.999.14.1.2', shiokaze: 'urn:oid:2.999.14.1.3' })[
    region
  ] ?? 'urn:oid:2.999.14.1.4'

/** No first of January: that day is what systems write when they do not know. */
const birthDateOf = (n: number) => {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${1940 + (n % 50)}-${two(1 + (n % 12))}-${two(2 + (n % 26))}`
}

async function feed(
  hub: { publicUrl: string; now: () => Date },
  keys: Record<RegionId, SigningKey>,
): Promise<void> {
  for (let n = 0; n < PERSONS; n++) {
    if (n > 0 && n % 50 === 0) say(`  ${n} of ${PERSONS}`)
    const changes = (region: RegionId) => ({
      identifier: [
        { system: systemOf(region), value: `p-${n}` },
        {
          system: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
          value: `33120015:あ:${1000 + n}:01`,
        },
      ],
      birthDate: birthDateOf(n),
    })
    await Promise.all(
      EVERY.map(async (region) => {
        const path = `/fhir/Patient?identifier=${encodeURIComponent(`${systemOf(region)}|p-${n}`)}`
        const patient = JSON.stringify(patientIn(region, `p-${n}`, changes(region)))
        await answered(sendCall(hub, region, keys[region], { method: 'PUT', path, body: patient }))
        const consent = consentIn(region, `p-${n}`, {
          patient: { identifier: { system: systemOf(region), value: `p-${n}` } },
          performer: [{ identifier: { system: systemOf(region), value: `p-${n}` } }],
        })
        await answered(
          sendCall(hub, region, keys[region], {
            method: 'POST',
            path: '/fhir/Consent',
            body: JSON.stringify(consent),
          }),
        )
      }),
    )
  }
}

function queryOf(n: number) {
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format(new Date())
  return queryCall(ASKING, {
    localId: `p-${n}`,
    birthDate: birthDateOf(n),
    items: ['condition'],
    user: `dr-${n % USERS}`,
    institution: '1410000001',
    visit: { kind: 'outpatient', on: today },
  })
}

function pixCall(n: number) {
  return {
    method: 'GET',
    path: `/fhir/Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(`${systemOf(ASKING)}|p-${n}`)}`,
  }
}

async function lookUp(sql: postgres.Sql, n: number): Promise<void> {
  const rows = await sql`
    select other.region, other.local_id from link
      join link other on other.person = link.person
     where link.region = ${ASKING} and link.local_id = ${`p-${n}`}`
  if (rows.length === 0) throw new Error('The plain look-up found nothing.')
}

async function askPeer(url: string): Promise<void> {
  const token = 'e30.e30.e30'
  await answered(
    fetch(`${url}/fhir/_search`, {
      method: 'POST',
      body: 'x',
      headers: { authorization: `Bearer ${token}`, 'tsunagi-request': token },
    }),
  )
}

async function answered(sent: Promise<Response>): Promise<void> {
  const response = await sent
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status}: ${text.slice(0, 400)}`)
}

try {
  await main()
} finally {
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined)))
  rmSync(folder, { recursive: true, force: true })
}
