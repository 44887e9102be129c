import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { PgDialect } from 'drizzle-orm/pg-core'
import { factsStatement } from '../../src/consent/facts-store.ts'
import { decideAccess, readFacts, tokyoDate } from '../../src/consent/index.ts'
import { migrateDatabase, openDatabase, openDriver } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { DEFAULT_POLICY } from '../../src/vocabulary/index.ts'
import { factsWith } from '../consent/access-facts.ts'
import { readAs } from '../support/sample-policy.ts'
import { machine, measure, medianOf, row } from './measure.ts'

/**
 * A decision at size: the look-up of its facts (consents of a person's four registrations, visits of them at one
 * institution) and the ladder for each of the four holders, against the target of 1 ms at p99; beside, in the same run,
 * the same statement in plain postgres.js, one consent by its primary key, and an empty round trip. PostgreSQL has a
 * quarter of the memory, as its manual says (19.4), and in it what it would have after a day at work; the first row is
 * of before, with every page new to it. With `--folder` the rows are loaded there once and measured again later.
 */
const TARGET_MS = 1
const { values } = parseArgs({
  options: {
    consents: { type: 'string', default: '300000' },
    visits: { type: 'string', default: '2000000' },
    seconds: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
    folder: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const CONSENTS = Number(values.consents)
const VISITS = Number(values.visits)
const MS = Number(values.seconds) * 1_000
const RUNS = Number(values.runs)
const REGIONS_OF_PERSON = 4
const PERSONS = Math.floor(CONSENTS / REGIONS_OF_PERSON)
const INSTITUTIONS = 5_000
const WORKERS = [1, 4]
const CHUNK_ROWS = 5_000
const PROGRESS_ROWS = 1_000_000

const SINCE = new Date('2026-01-01T00:00:00+09:00')
const AT = new Date('2026-11-25T10:00:00+09:00')
const say = (line: string) => process.stderr.write(`${line}\n`)

const regionOf = (n: number) => `region-${n % REGIONS_OF_PERSON}`
const localIdOf = (n: number) => `r-${String(n).padStart(8, '0')}`
const institutionOf = (n: number) => `14${String(n % INSTITUTIONS).padStart(8, '0')}`
/** Spreads numbers over a range, so that neighbours in one table are none in the other. */
const spread = (n: number, range: number) => Math.floor(((n * 0.618_033_988_749_895) % 1) * range)

/** A consent of each registration, with the resource's text at a usual length. */
function* consentLines(): Generator<string> {
  const resource = JSON.stringify({ resourceType: 'Consent', text: 'x'.repeat(1_100) })
  const said = `1\tactive\tform-2025\t2026-02-01T00:00:00Z\t2026-02-01T00:00:00Z\t2026-02-02T00:00:00Z\t\\N\t{}\t{}\t{}`
  for (let n = 0; n < CONSENTS; n++)
    yield `${regionOf(n)}\t${localIdOf(n)}\t${said}\tpaper\tpaper\t${resource}\t2026-02-02T00:00:00Z\n`
}

/** Of each resident as many as it takes, two weeks apart, at three institutions in turn. */
function* visitLines(): Generator<string> {
  const rest = '2026-02-02T00:00:00Z'
  const days = Array.from({ length: Math.ceil(VISITS / CONSENTS) }, (_, time) =>
    new Date(Date.UTC(2026, 9, 30) - time * 14 * 86_400_000).toISOString().slice(0, 10),
  )
  for (let n = 0; n < VISITS; n++) {
    const [resident, time] = [n % CONSENTS, Math.floor(n / CONSENTS)]
    const who = `${institutionOf(resident * 7 + (time % 3))}\t${regionOf(resident)}\t${localIdOf(resident)}`
    yield `${who}\t\\N\toutpatient\t${days[time]}\t${days[time]}\t\\N\t${rest}\n`
  }
}

function* chunks(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = []
  for (const line of lines) {
    chunk.push(line)
    if (chunk.length < CHUNK_ROWS) continue
    yield chunk.join('')
    chunk = []
  }
  yield chunk.join('')
}

const CONSENT_COLUMNS =
  'region, local_id, version, status, form, signed_at, stated_from, valid_from, valid_until, refused, refused_institutions, refused_regions, evidence, evidence_kind, resource, received_at'
const VISIT_COLUMNS =
  'institution, region, local_id, person_id, kind, started_on, ended_on, retracted_at, recorded_at'

async function main(folder: string): Promise<void> {
  const settings = { shared_buffers: `${Math.floor(totalmem() / 4 / 2 ** 20)}MB` }
  await using server = await openEmbeddedPostgres(join(folder, 'postgres'), { settings })
  await server.ensureDatabase('tsunagi_hub')
  const target = server.target('tsunagi_hub')
  await using db = openDatabase(target)
  await migrateDatabase(db, ['shared', 'hub'])
  const sql = openDriver(target, 3_600_000)
  const loads: Record<string, number> = (await isLoaded(sql))
    ? {}
    : {
        consents: await load(sql, 'consent', CONSENT_COLUMNS, consentLines()),
        visits: await load(sql, 'visit', VISIT_COLUMNS, visitLines()),
      }
  await sql`vacuum (analyze) consent, visit`
  await sql`checkpoint`
  // What loading left for the disk is written first: it took the processor for half a minute more.
  execFileSync('sync')
  const [{ bytes } = { bytes: '0' }] = await sql`select pg_database_size(current_database()) as bytes`
  const wal = await sql`select sum(size) as bytes from pg_ls_waldir()`
  say(`on disk ${gibibytes(bytes)} GiB, its log ${gibibytes(wal[0]?.bytes)} GiB`)
  // The floor plans once too: what is compared is what our own code adds.
  await sql`set plan_cache_mode = force_generic_plan`
  const facts = (n: number) => decide(db, spread(n, PERSONS))
  const statements = Array.from({ length: STATEMENTS }, (_, n) => statementOf(spread(n, PERSONS)))
  const bare = (n: number) => bareLookUp(sql, statements[n % STATEMENTS])
  const results: Record<string, Awaited<ReturnType<typeof measure>>> = {}
  results['decided, every page new, 1 at once'] = await measure(1, MS, facts)
  await fillMemory(sql)
  for (const workers of WORKERS) {
    const timed = (work: (n: number) => Promise<void>) => medianOf(RUNS, () => measure(workers, MS, work))
    results[`${DECISION}, ${workers} at once`] = await timed(facts)
    results[`the same in plain postgres.js, ${workers} at once`] = await timed(bare)
    results[`a consent by its primary key, ${workers} at once`] = await timed((n) =>
      keyLookUp(sql, spread(n, CONSENTS)),
    )
    results[`empty round trip, ${workers} at once`] = await timed(() => sql`select 1`.then(() => {}))
  }
  await sql.end()
  report(loads, results)
}

type Driver = ReturnType<typeof openDriver>

/** Whether the folder was given before; rows of other numbers than asked for are another measurement. */
async function isLoaded(sql: Driver): Promise<boolean> {
  const [held] = await sql`
    select (select count(*)::int from consent) as consents, (select count(*)::int from visit) as visits`
  if (held?.consents === 0) return false
  if (held?.consents === CONSENTS && held?.visits === VISITS) return true
  throw new Error('The folder holds other numbers of consents and visits.')
}

/** Without log and keys while it loads, which only writing uses: the keys are made from all rows at once, then. */
async function load(sql: Driver, table: string, columns: string, lines: Iterable<string>): Promise<number> {
  say(`copying into ${table}`)
  const started = performance.now()
  const keys = await sql<{ name: string; definition: string }[]>`
    select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
     where conrelid = ${table}::regclass and contype in ('p', 'u')`
  for (const { name } of keys) await sql`alter table ${sql(table)} drop constraint ${sql(name)}`
  await sql`alter table ${sql(table)} set unlogged`
  const copy = await sql.unsafe(`copy ${table} (${columns}) from stdin`).writable()
  await pipeline(Readable.from(chunks(counted(lines, started))), copy)
  say(`  making its keys after ${secondsSince(started)} s`)
  await sql`set maintenance_work_mem = '512MB'`
  for (const { name, definition } of keys)
    await sql.unsafe(`alter table ${table} add constraint ${name} ${definition}`)
  return (performance.now() - started) / 1_000
}

const secondsSince = (started: number) => ((performance.now() - started) / 1_000).toFixed(0)

/** Says every million lines how far it is. */
function* counted(lines: Iterable<string>, started: number): Generator<string> {
  let count = 0
  for (const line of lines) {
    yield line
    if (++count % PROGRESS_ROWS !== 0) continue
    say(`  ${count / PROGRESS_ROWS} million after ${secondsSince(started)} s`)
  }
}

const gibibytes = (bytes: unknown) => (Number(bytes) / 2 ** 30).toFixed(1)

/** A person's four registrations, at an institution that one of them mostly has visited. */
function askedOf(person: number) {
  const numbers = Array.from({ length: REGIONS_OF_PERSON }, (_, n) => person * REGIONS_OF_PERSON + n)
  const registrations = numbers.map((n) => ({ region: regionOf(n), localId: localIdOf(n), since: SINCE }))
  return { registrations, institution: institutionOf(person * REGIONS_OF_PERSON * 7) }
}

const DECISION = 'decided (consents, visits, four ladders)'
const FORMS = { 'form-2025': readAs('medical-and-care') }
const FACTS = factsWith()

let visited = 0
async function decide(db: Parameters<typeof readFacts>[0], person: number): Promise<void> {
  const { registrations, institution } = askedOf(person)
  const asked = { institution, personId: `person-${person}`, registrations, at: AT }
  const { consentOf, hasVisited } = await readFacts(db, registrations, asked)
  if (hasVisited(DEFAULT_POLICY)) visited++
  for (const each of registrations) {
    const consent = consentOf(each)
    const policy = { ...FACTS.holding.policy, forms: FORMS }
    const holding = { ...FACTS.holding, region: each.region, consent, policy }
    const { verdict } = decideAccess({ ...FACTS, at: AT, holding, visited: true })
    if (verdict !== 'permit') throw new Error('A consent was not found.')
  }
}

const STATEMENTS = 50_000
const DIALECT = new PgDialect()

/** The hub's own statement for a person, put together before it is timed. */
function statementOf(person: number): { sql: string; params: unknown[] } {
  const { registrations, institution } = askedOf(person)
  const asked = { institution, personId: `person-${person}`, registrations, day: tokyoDate(AT) }
  return DIALECT.sqlToQuery(factsStatement(registrations, asked))
}

async function bareLookUp(sql: Driver, statement: ReturnType<typeof statementOf> | undefined): Promise<void> {
  if (statement === undefined) throw new Error('A statement was not put together.')
  const rows = await sql.unsafe(statement.sql, statement.params as string[], { prepare: true })
  if (rows.length < REGIONS_OF_PERSON) throw new Error('A consent was not found.')
}

async function keyLookUp(sql: Driver, n: number): Promise<void> {
  const rows = await sql`
    select status, form, valid_from, valid_until, refused from consent
     where region = ${regionOf(n)} and local_id = ${localIdOf(n)} and version = 1`
  if (rows.length !== 1) throw new Error('A consent was not found.')
}

/** The keys last, because everything else may not fit. */
async function fillMemory(sql: Driver): Promise<void> {
  await sql`create extension if not exists pg_prewarm`
  await sql`
    select pg_prewarm(oid) from (
      select oid from pg_class where relname in ('visit', 'consent')
      union all
      select indexrelid from pg_index where indrelid in ('visit'::regclass, 'consent'::regclass)) as each`
}

function report(
  loads: Record<string, number>,
  results: Record<string, Awaited<ReturnType<typeof measure>>>,
): void {
  const load = loadavg()[0]?.toFixed(1)
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ machine: machine(), load, CONSENTS, VISITS, loads, results })}\n`,
    )
    return
  }
  say(`${machine()}; load ${load}; ${CONSENTS} consents, ${VISITS} visits; ${visited} look-ups found a visit`)
  for (const [table, seconds] of Object.entries(loads)) say(`loading ${table}: ${seconds.toFixed(1)} s`)
  for (const [name, measured] of Object.entries(results)) say(row(name, measured))
  const alone = results[`${DECISION}, 1 at once`]
  say(
    `target ${TARGET_MS} ms at p99, one at a time: ${alone !== undefined && alone.p99 <= TARGET_MS ? 'met' : 'missed'}`,
  )
}

const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'tsunagi-bench-'))
try {
  await main(folder)
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}
