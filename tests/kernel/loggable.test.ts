import { Writable } from 'node:stream'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { loggable } from '../../src/kernel/database.ts'
import { openLog } from '../../src/kernel/events.ts'
import { HubError } from '../../src/kernel/hub-error.ts'
import { must } from '../../src/kernel/must.ts'
import { testDatabase } from '../support/test-database.ts'

const CANARY = 'カナリア9911'

async function thrownBy(work: () => unknown): Promise<Error> {
  try {
    await work()
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was thrown.')
}

/** Errors as they really come: each holds the canary somewhere a log line could pick it up. */
async function realErrors(): Promise<Record<string, Error>> {
  await using t = await testDatabase('empty')
  await t.db.execute(sql`create table patient (id text primary key, birth date)`)
  await t.db.execute(sql`insert into patient values (${CANARY})`)
  const duplicate = await thrownBy(() => t.db.execute(sql`insert into patient values (${CANARY})`))
  return {
    duplicate,
    driver: duplicate.cause as Error,
    'wrong date': await thrownBy(() =>
      t.db.execute(sql`insert into patient values ('b', ${CANARY}::text::date)`),
    ),
    transaction: await thrownBy(() =>
      t.db.transaction((tx) => tx.execute(sql.raw(`select '${CANARY}' from nowhere`))),
    ),
    'client of a region': Object.assign(new Error(`GET /Patient?name=${CANARY} failed`), {
      config: { url: CANARY },
      response: { body: CANARY },
      code: `${CANARY} not a code`,
    }),
    'with frames in its message': new Error(`x\n    at ${CANARY}\n    at f (${CANARY}:1:2)\nmore`),
    several: new AggregateError([new Error(CANARY), new TypeError(CANARY)], CANARY),
    named: Object.assign(new Error(CANARY), { name: CANARY }),
    'caused by another': new HubError(
      'upstream-unavailable',
      'local-system-unreachable',
      { ja: '接続できません。', en: 'The regional system cannot be reached.' },
      { cause: new Error(CANARY, { cause: new RangeError(CANARY) }) },
    ),
  }
}

function openedLog(): {
  log: ReturnType<typeof openLog>
  lines: () => Record<string, unknown>[]
  text: () => string
} {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  const text = () => chunks.join('')
  const lines = () =>
    text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  return { log: openLog('info', stream), text, lines }
}

test('the fault is named: SQLSTATE, table, constraint, place in the code', async () => {
  const { duplicate } = await realErrors()
  expect(loggable(duplicate)).toMatchObject({
    name: 'DrizzleQueryError',
    cause: { name: 'PostgresError', code: '23505', table_name: 'patient', constraint_name: 'patient_pkey' },
  })
  expect(loggable(new Error('x')).stack[0]).toMatch(/loggable\.test\.ts:\d+:\d+/)
})

test('sentences of our own stay: they are fixed and hold no data', async () => {
  const broken = await thrownBy(() => must(false, 'an insert returns its row'))
  expect(loggable(broken)).toMatchObject({ text: 'Invariant broken: an insert returns its row' })
  const { 'caused by another': refused } = await realErrors()
  expect(loggable(refused)).toMatchObject({
    name: 'HubError',
    kind: 'upstream-unavailable',
    code: 'local-system-unreachable',
    text: 'The regional system cannot be reached.',
    cause: { name: 'Error', cause: { name: 'RangeError' } },
  })
})

test('no message, statement, parameter or detail is in it', async () => {
  for (const [what, error] of Object.entries(await realErrors())) {
    expect(JSON.stringify(loggable(error)), what).not.toContain(CANARY)
  }
})

test('nor in the log, however the error is handed over', async () => {
  const { log, text, lines } = openedLog()
  for (const error of Object.values(await realErrors())) {
    log.error(error)
    log.error(error, 'query.failed')
    log.error({ err: error })
    log.error({ err: error, event: 'query.failed' })
    log.error({ error, cause: error, nested: { error } }, 'query.failed')
    log.error({ errors: [error], deep: { a: { b: [{ error }] } } })
    log.error('%s %o %j', error, error, { error })
  }
  expect(lines().length).toBeGreaterThan(50)
  expect(text()).not.toContain(CANARY)
})

test('a line is JSON with level, time and event, whatever stands in a field', () => {
  const { log, lines } = openedLog()
  log.info({ event: 'region.answered', regionId: 'minato\r\n{"level":"fatal"}\u001b[31m', latencyMs: 12 })
  expect(lines()).toMatchObject([{ level: 'info', event: 'region.answered', latencyMs: 12 }])
  expect(lines()[0]).toHaveProperty('time')
})

test.each([[undefined], [null], ['text'], [{ message: CANARY }]])(
  'a thrown %o is named, not shown',
  (thrown) => {
    expect(loggable(thrown)).toEqual({ name: `thrown ${typeof thrown}`, stack: [] })
  },
)
