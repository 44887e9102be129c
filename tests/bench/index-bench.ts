import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { type DatabaseTarget, openDatabase, openDriver } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { addKey, putRegion } from '../../src/registry/index.ts'
import { generateSigningKey, type SigningKey } from '../../src/trust/index.ts'
import { freePort, isReady, until } from '../support/loopback.ts'
import { type RegionId, type SentCall, sendCall } from '../support/sample-calls.ts'
import { type Measured, machine, measure, medianOf, row } from './measure.ts'

/**
 * The person index from files to links, then asked over HTTP. Residents come from the project's own generator; the
 * floor is PostgreSQL itself: the same lines by COPY into a bare table, and the same look-up in postgres.js.
 */
const { values } = parseArgs({
  options: {
    persons: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    regions: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const PERSONS = values.short ? 3_000 : Number(values.persons)
const REGIONS = Array.from({ length: Number(values.regions) }, (_, index) => `region-${index + 1}`)
const MS = values.short ? 2_000 : Number(values.seconds) * 1_000
const RUNS = values.short ? 1 : 3
const ROOT = new URL('../..', import.meta.url).pathname

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-index-'))
const say = (line: string) => process.stderr.write(`${line}\n`)
const systemOf = (region: string) => `https://${region}.example/patient-id`
const fileOf = (region: string) => join(folder, 'files', `${region}.ndjson`)

interface Step {
  seconds: number
  /** The most memory the process held, MiB. */
  memoryMiB: number
  output: string
}

/** Runs one of the project's own commands as an operator would, and watches what it takes. */
async function step(name: string, args: string[], isQuiet = false): Promise<Step> {
  const started = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, TSUNAGI_DATA: folder, PLAIN_HTTP_ON_LOOPBACK: '1' },
    stdio: ['ignore', 'pipe', isQuiet ? 'ignore' : 'inherit'],
  })
  let memoryKiB = 0
  const watch = setInterval(() => {
    memoryKiB = Math.max(memoryKiB, peakOf(child))
  }, 100)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(watch)
  // 1 of a load: lines were left out, which a file of the generator holds on purpose.
  if (code !== 0 && !(code === 1 && name.startsWith('load'))) throw new Error(`${name} ended with ${code}.`)
  const seconds = (performance.now() - started) / 1000
  say(`${name}: ${seconds.toFixed(1)} s`)
  return { seconds, memoryMiB: Math.round(memoryKiB / 1024), output: Buffer.concat(chunks).toString() }
}

function peakOf({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

const tsunagi = (...args: string[]) => ['src/commands/tsunagi.ts', ...args]

async function main(): Promise<void> {
  await step('generate', [
    ...['tests/residents/generate.ts', '--persons', String(PERSONS), '--seed', values.seed],
    ...['--regions', values.regions, '--out', join(folder, 'files'), '--json'],
  ])
  await using server = await openEmbeddedPostgres(join(folder, 'postgres'))
  await step('migrate', tsunagi('migrate'), true)
  const target = server.target('tsunagi_hub')
  await using db = openDatabase(target, { statementMs: 600_000 })
  const key = await enrol(db)

  const floor = await copyFloor(target)
  const loads: Step[] = []
  let records = 0
  for (const region of REGIONS) {
    const load = await step(
      `load ${region}`,
      tsunagi('index', 'load', fileOf(region), '--region', region, '--json'),
    )
    loads.push(load)
    records += (JSON.parse(load.output) as { created: number }).created
  }
  const link = await step('link', tsunagi('index', 'link', '--json'))
  const [links, possible] = [join(folder, 'links.csv'), join(folder, 'possible.csv')]
  await step('export', tsunagi('index', 'export', '--links', links, '--possible', possible), true)
  const score = await step('score', [
    ...['tests/residents/score.ts', '--truth', join(folder, 'files/truth.csv')],
    ...['--links', links, '--review', possible, ...(values.json ? ['--json'] : [])],
  ])
  const asked = await askOverHttp(target, key)
  const seconds = loads.reduce((sum, each) => sum + each.seconds, link.seconds)
  report({ records, floor, loads, link, seconds, asked, score: score.output })
}

async function enrol(db: ReturnType<typeof openDatabase>): Promise<SigningKey> {
  const key = await generateSigningKey('ES256')
  const at = new Date(Date.now() - 86_400_000)
  await db.transaction(async (tx) => {
    for (const id of REGIONS)
      await putRegion(tx, { id, name: id, patientSystem: systemOf(id), stage: 'asking' }, at)
    await addKey(tx, { region: 'region-1', jwk: key.publicJwk }, at)
  })
  return key
}

/** The same lines by COPY into a table without index: what reading and storing them takes at the least. */
async function copyFloor(target: DatabaseTarget): Promise<number> {
  const sql = openDriver(target, 600_000)
  await sql`create unlogged table bare (line text)`
  const started = performance.now()
  for (const region of REGIONS) {
    const copy =
      await sql`copy bare from stdin with (format csv, delimiter e'\x01', quote e'\x02')`.writable()
    await pipeline(createReadStream(fileOf(region)), copy)
  }
  const seconds = (performance.now() - started) / 1000
  await sql`drop table bare`
  await sql.end()
  return seconds
}

async function askOverHttp(target: DatabaseTarget, key: SigningKey): Promise<Record<string, Measured>> {
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  const hub = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HTTP_PORT: String(port),
      TSUNAGI_DATA: folder,
      PLAIN_HTTP_ON_LOOPBACK: '1',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    await until(() => isReady(publicUrl))
    const lines = readFileSync(fileOf('region-1'), 'utf8')
      .split('\n')
      .slice(0, 2_000)
      .filter((line) => line !== '')
    const patients = lines.map((line) => ({ line, id: idIn(line) }))
    const at = (n: number) => patients[n % patients.length] as (typeof patients)[number]
    const send = async (call: SentCall) => {
      const response = await sendCall({ publicUrl, now: () => new Date() }, 'region-1' as RegionId, key, call)
      const text = await response.text()
      if (response.status >= 500) throw new Error(`${response.status}: ${text.slice(0, 300)}`)
    }
    const named = (id: string) => encodeURIComponent(`${systemOf('region-1')}|${id}`)
    const results: Record<string, Measured> = {}
    const pix = (n: number) =>
      send({ method: 'GET', path: `/fhir/Patient/$ihe-pix?sourceIdentifier=${named(at(n).id)}` })
    const feed = (n: number) => {
      const { line, id } = at(n)
      // Another telephone each time, so that each is a change to decide about.
      const body = JSON.stringify({ ...JSON.parse(line), telecom: [{ system: 'phone', value: phoneOf(n) }] })
      return send({ method: 'PUT', path: `/fhir/Patient?identifier=${named(id)}`, body })
    }
    results['$ihe-pix, 8 at once'] = await medianOf(RUNS, () => measure(8, MS, pix))
    const sql =
      'socketFolder' in target
        ? postgres({
            path: `${target.socketFolder}/.s.PGSQL.5432`,
            database: target.database,
            user: target.user,
            max: 8,
          })
        : postgres(target.url)
    results['same look-up in postgres.js, 8 at once'] = await medianOf(RUNS, () =>
      measure(8, MS, async (n) => {
        await sql`
          select other.region, other.local_id from link
            join link other on other.person = link.person
           where link.region = 'region-1' and link.local_id = ${at(n).id}`
      }),
    )
    await sql.end()
    results['feed of a change, committed, 8 at once'] = await medianOf(RUNS, () => measure(8, MS, feed))
    return results
  } finally {
    hub.kill('SIGTERM')
    await once(hub, 'exit')
  }
}

function idIn(line: string): string {
  const { identifier } = JSON.parse(line) as { identifier: { system: string; value: string }[] }
  return identifier.find(({ system }) => system === systemOf('region-1'))?.value ?? ''
}

const phoneOf = (n: number) => `04${String(50_000_000 + (n % 10_000_000)).padStart(8, '0')}`

function report(done: {
  records: number
  floor: number
  loads: Step[]
  link: Step
  seconds: number
  asked: Record<string, Measured>
  score: string
}): void {
  const { records, floor, loads, link, seconds, asked, score } = done
  const memoryMiB = Math.max(link.memoryMiB, ...loads.map((load) => load.memoryMiB))
  if (values.json) {
    const files = {
      floor,
      load: loads.map((load) => load.seconds),
      link: link.seconds,
      total: seconds,
      memoryMiB,
    }
    const body = {
      machine: machine(),
      persons: PERSONS,
      records,
      seconds: files,
      asked,
      score: JSON.parse(score),
    }
    process.stdout.write(`${JSON.stringify(body)}\n`)
    return
  }
  const loading = loads.reduce((sum, load) => sum + load.seconds, 0)
  process.stdout.write(`${machine()}
${PERSONS} persons, ${records} records in ${REGIONS.length} regions, seed ${values.seed}
from file to linked and committed     ${seconds.toFixed(1)} s (loading ${loading.toFixed(1)}, linking ${link.seconds.toFixed(1)}), at most ${memoryMiB} MiB
the same lines by COPY, bare table    ${floor.toFixed(1)} s
${''.padEnd(46)}${'rate'.padStart(9)} ${'p50'.padStart(11)}${'p95'.padStart(11)}${'p99'.padStart(11)}
${Object.entries(asked)
  .map(([name, measured]) => row(name, measured))
  .join('\n')}

${score}`)
}

try {
  await main()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
