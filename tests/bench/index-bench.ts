import { createReadStream, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import { type Database, type DatabaseTarget, openDatabase, openDriver } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { addKey, putRegion } from '../../src/registry/index.ts'
import { generateSigningKey, type SigningKey } from '../../src/trust/index.ts'
import { compareWithSplink } from './compare-splink.ts'
import { askEverything } from './index-questions.ts'
import { type Measured, machine, row } from './measure.ts'
import { type Step, say, step } from './watched-step.ts'

/**
 * The person index from files to links, then asked over HTTP, then linkage by itself at size. Residents come from the
 * project's own generator; the floor is PostgreSQL itself: the same lines by COPY into a bare table, and the same
 * look-up in postgres.js. Each figure is told as it is measured. With `--files DIR` the residents are kept there and
 * used again by a later run; the database is made anew each time, below the folder for temporary files (`TMPDIR`).
 */
const { values } = parseArgs({
  options: {
    persons: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    regions: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    runs: { type: 'string', default: '3' },
    linkage: { type: 'string' },
    files: { type: 'string' },
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** Instead of all this: link one CSV file (--map, and --truth COLUMN) here and by Splink, where --python has it. */
    splink: { type: 'string' },
    map: { type: 'string', default: '' },
    truth: { type: 'string', default: 'cluster' },
    python: { type: 'string', default: 'python3' },
  },
})
const PERSONS = values.short ? 3_000 : Number(values.persons)
/** As many registrations as the whole prefecture has for a million of its residents' nine. */
const LINKAGE = Number(values.linkage ?? 14 * PERSONS)
const REGIONS = Array.from({ length: Number(values.regions) }, (_, index) => `region-${index + 1}`)
const MS = values.short ? 1_000 : Number(values.seconds) * 1_000
const RUNS = values.short ? 1 : Number(values.runs)
const ASKED_ABOUT = 2_000

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-index-'))
const files = values.files ?? join(folder, 'files')
const systemOf = (region: string) => `https://${region}.example/patient-id`
const fileOf = (region: string) => join(files, `${region}.ndjson`)
const tsunagi = (...args: string[]) => ['src/commands/tsunagi.ts', ...args]

async function main(): Promise<void> {
  await generate()
  await using server = await openEmbeddedPostgres(join(folder, 'postgres'))
  await step('migrate', folder, tsunagi('migrate'))
  const target = server.target('tsunagi_hub')
  await using db = openDatabase(target, { statementMs: 600_000 })
  const key = await enrol(db)
  const place = await placeOf(db)
  const copied = await copyFloor(target)
  const { records, loads } = await loadAll()
  const link = await step('link', folder, tsunagi('index', 'link', '--json'))
  const score = await scored()
  await step('allow changes', folder, [
    ...tsunagi('index', 'guard', 'region-1', '--allow', '10000000'),
    ...['--reason', 'They are measured.'],
  ])
  const patients = await patientsOf('region-1')
  const asked = await askEverything({
    ...{ region: 'region-1', patientSystem: systemOf('region-1'), key, patients, target, data: folder },
    ...{ runs: RUNS, ms: MS },
  })
  const alone = await step('linkage alone', folder, [
    ...['tests/bench/linkage.ts', '--records', String(LINKAGE), '--json'],
  ])
  report({ place, records, copied, loads, link, asked, score, alone })
}

/** The residents, unless an earlier run left them. */
async function generate(): Promise<void> {
  const mark = join(files, 'truth.csv')
  if (existsSync(mark)) {
    say(`${files}: used again, whatever they were made of`)
    return
  }
  await step('generate', folder, [
    ...['tests/residents/generate.ts', '--persons', String(PERSONS), '--seed', values.seed],
    ...['--regions', values.regions, '--out', files, '--json'],
  ])
}

async function enrol(db: Database): Promise<SigningKey> {
  const key = await generateSigningKey('ES256')
  const at = new Date(Date.now() - 86_400_000)
  await db.transaction(async (tx) => {
    for (const id of REGIONS)
      await putRegion(tx, { id, name: id, patientSystem: systemOf(id), stage: 'asking' }, at)
    await addKey(tx, { region: 'region-1', jwk: key.publicJwk }, at)
  })
  return key
}

const TMPFS = 0x01021994

/** Where the data lies and how durably: memory takes a commit's flush for nothing. */
async function placeOf(db: Database): Promise<string> {
  const [set] = await db.execute<Record<string, string>>(sql`
    select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
           current_setting('shared_buffers') as buffers, current_setting('max_wal_size') as wal`)
  const where = statfsSync(folder).type === TMPFS ? 'in memory' : 'on disk'
  return `PostgreSQL ${where}: fsync ${set?.fsync}, synchronous_commit ${set?.commit}, shared_buffers ${set?.buffers}, max_wal_size ${set?.wal}`
}

/** The same lines by COPY into a table without index: what reading and storing them takes at the least. */
async function copyFloor(target: DatabaseTarget): Promise<number> {
  const driver = openDriver(target, 600_000)
  await driver`create unlogged table bare (line text)`
  const started = performance.now()
  for (const region of REGIONS) {
    const copy =
      await driver`copy bare from stdin with (format csv, delimiter e'\x01', quote e'\x02')`.writable()
    await pipeline(createReadStream(fileOf(region)), copy)
  }
  const seconds = (performance.now() - started) / 1000
  await driver`drop table bare`
  await driver.end()
  say(`copy into a bare table: ${seconds.toFixed(1)} s`)
  return seconds
}

async function loadAll(): Promise<{ records: number; loads: Step[] }> {
  const loads: Step[] = []
  let records = 0
  for (const region of REGIONS) {
    const args = tsunagi('index', 'load', fileOf(region), '--region', region, '--json')
    const load = await step(`load ${region}`, folder, args)
    loads.push(load)
    records += (JSON.parse(load.output) as { created: number }).created
  }
  return { records, loads }
}

async function scored(): Promise<string> {
  const [links, possible] = [join(folder, 'links.csv'), join(folder, 'possible.csv')]
  await step('export', folder, tsunagi('index', 'export', '--links', links, '--possible', possible))
  const { output } = await step('score', folder, [
    ...['tests/residents/score.ts', '--truth', join(files, 'truth.csv')],
    ...['--links', links, '--review', possible, ...(values.json ? ['--json'] : [])],
  ])
  return output
}

/** The first of a region's file, each once: a second line under an id may be refused for what the first says. */
async function patientsOf(region: string): Promise<{ line: string; id: string }[]> {
  const found = new Map<string, string>()
  for await (const line of createInterface(createReadStream(fileOf(region)))) {
    const id = line === '' ? undefined : idIn(line, systemOf(region))
    if (id !== undefined && !found.has(id)) found.set(id, line)
    if (found.size === ASKED_ABOUT) break
  }
  return [...found].map(([id, line]) => ({ id, line }))
}

function idIn(line: string, patientSystem: string): string | undefined {
  const { identifier } = JSON.parse(line) as { identifier: { system: string; value: string }[] }
  return identifier.find(({ system }) => system === patientSystem)?.value
}

interface Done {
  place: string
  records: number
  copied: number
  loads: Step[]
  link: Step
  asked: Record<string, Measured>
  score: string
  alone: Step
}

function report({ place, records, copied, loads, link, asked, score, alone }: Done): void {
  const loading = loads.reduce((sum, load) => sum + load.seconds, 0)
  const memoryMiB = Math.max(link.memoryMiB, ...loads.map((load) => load.memoryMiB))
  const linkage = JSON.parse(alone.output) as { linkedMs: number; cpuMs: number; rssMiB: number }
  if (values.json) {
    const seconds = { copied, loads: loads.map((load) => load.seconds), link: link.seconds, loading }
    const head = { machine: machine(), place, persons: PERSONS, records, seed: values.seed }
    const body = { ...head, seconds, memoryMiB, asked, linkage, score: JSON.parse(score) }
    process.stdout.write(`${JSON.stringify(body)}\n`)
    return
  }
  process.stdout.write(`${machine()}
${place}
${PERSONS} persons, ${records} records in ${REGIONS.length} regions, seed ${values.seed}
from file to linked and committed     ${(loading + link.seconds).toFixed(1)} s (loading ${loading.toFixed(1)}, linking ${link.seconds.toFixed(1)}), at most ${memoryMiB} MiB a process
the same lines by COPY, bare table    ${copied.toFixed(1)} s
linkage alone, ${LINKAGE} records    ${(linkage.linkedMs / 1000).toFixed(1)} s on two threads (${(linkage.cpuMs / 1000).toFixed(1)} s of processor time), ${linkage.rssMiB} MiB
8 at once, the caller on the same machine:
${''.padEnd(46)}${'rate'.padStart(9)} ${'p50'.padStart(11)}${'p95'.padStart(11)}${'p99'.padStart(11)}
${Object.entries(asked)
  .map(([name, measured]) => row(name, measured))
  .join('\n')}
$ihe-pix at ${shareOf(asked, '$ihe-pix')} % of the look-up in postgres.js, the hub’s code at ${shareOf(asked, 'look-up by the hub’s code')} %

${score}`)
}

function shareOf(asked: Record<string, Measured>, name: string): string {
  const bare = asked['look-up, postgres.js, 8 connections']?.perSecond ?? 0
  return ((100 * (asked[name]?.perSecond ?? 0)) / bare).toFixed(0)
}

const { splink, map, truth, python } = values
try {
  if (splink === undefined) await main()
  else await compareWithSplink({ file: splink, map, truth, python })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
