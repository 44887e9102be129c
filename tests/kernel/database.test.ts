import { sql } from 'drizzle-orm'
import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { describe, expect, test, vi } from 'vitest'
import { type Database, databaseRefusal, openDatabase } from '../../src/kernel/database.ts'
import { HubError } from '../../src/kernel/hub-error.ts'
import { databaseProxy } from '../support/database-proxy.ts'
import { freePort } from '../support/loopback.ts'
import { testDatabase } from '../support/test-database.ts'

const notes = pgTable('note', {
  id: text().primaryKey(),
  at: timestamp({ withTimezone: true }).notNull(),
  detail: jsonb().notNull(),
})

async function setup() {
  const t = await testDatabase('empty')
  await t.db.execute(
    sql`create table note (id text primary key, at timestamptz not null, detail jsonb not null)`,
  )
  return t
}

/** Ends every other session on the database, as a restart, a firewall or an administrator does. */
async function cutSessions(db: Database): Promise<void> {
  await db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`)
}

/** Resolves when some other session on the database is in that state. */
async function untilSession(db: Database, condition: ReturnType<typeof sql>): Promise<{ pid: number }> {
  return vi.waitFor(
    async () => {
      const [session] = await db.execute<{ pid: number }>(sql`select pid from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and ${condition}`)
      if (session === undefined) throw new Error('Not yet.')
      return session
    },
    { timeout: 5_000, interval: 10 },
  )
}

/** What a caller is told; the error itself where it is nobody's business. */
async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return databaseRefusal(error) ?? error
}

describe('values', () => {
  test('come back as they were given, through the builder and through SQL text', async () => {
    await using t = await setup()
    const at = new Date('2026-06-01T03:00:00.123Z')
    const detail = { ja: '葛󠄀城 𠮷', list: [1, 2] }
    await t.db.insert(notes).values({ id: 'a', at, detail })
    await t.db.execute(sql`insert into note values ('b', ${at}, ${detail}::jsonb)`)
    expect(await t.db.select().from(notes).orderBy(notes.id)).toEqual([
      { id: 'a', at, detail },
      { id: 'b', at, detail },
    ])
    const [row] = await t.db.execute(
      sql`select array['x','y'] as list, 10::bigint as big, current_setting('TimeZone')`,
    )
    expect(row).toEqual({ list: ['x', 'y'], big: '10', current_setting: 'UTC' })
  })

  test('arrays too, whatever their elements hold', async () => {
    await using t = await setup()
    const texts = ['港', 'b,"', '', 'NULL', 'null', null, '{}', ' a ', '\\', '\\"\n', "'", 'a\\,b', '𠮷']
    const [row] = await t.db.execute(sql`
      select ${sql.param(texts)}::text[] as texts, array_to_json(${sql.param(texts)}::text[])::text as read,
             ${sql.param([1, 2])}::int[] as numbers, ${sql.param([-1])}::smallint[] as small,
             ${sql.param(['9007199254740993'])}::bigint[] as big, ${sql.param([])}::text[] as none`)
    expect(JSON.parse(row?.read as string)).toEqual(texts)
    expect(row).toMatchObject({ texts, numbers: [1, 2], small: [-1], big: ['9007199254740993'], none: [] })
  })

  test.each([
    ['NUL', 'a\u0000b'],
    ['a lone surrogate', { value: '\ud800' }],
  ])('%s cannot be stored: 422, not 500', async (_, value) => {
    await using t = await setup()
    const write = t.db.insert(notes).values({ id: 'a', at: new Date(), detail: value })
    expect(await refusalOf(Promise.resolve(write))).toMatchObject({
      kind: 'unprocessable',
      code: 'resource-invalid',
    })
  })
})

describe('transactions', () => {
  test('keep all or nothing; a nested one fails alone; who threw is who is heard', async () => {
    await using t = await setup()
    const at = new Date()
    const refusal = new HubError('conflict', 'version-stale', { ja: '古い', en: 'Stale.' })
    const outer = t.db.transaction(async (tx) => {
      await tx.insert(notes).values({ id: 'outer', at, detail: {} })
      const nested = tx.transaction(async (inner) => {
        await inner.insert(notes).values({ id: 'inner', at, detail: {} })
        throw refusal
      })
      await expect(nested).rejects.toBe(refusal)
    })
    await outer
    const lost = t.db.transaction(async (tx) => {
      await tx.insert(notes).values({ id: 'lost', at, detail: {} })
      throw refusal
    })
    await expect(lost).rejects.toBe(refusal)
    expect(await t.db.select({ id: notes.id }).from(notes)).toEqual([{ id: 'outer' }])
  })

  test.each(['read committed', 'serializable'] as const)('run at %s when told to', async (isolationLevel) => {
    await using t = await setup()
    const level = await t.db.transaction((tx) => tx.execute(sql`show transaction_isolation`), {
      isolationLevel,
    })
    expect(level).toMatchObject([{ transaction_isolation: isolationLevel }])
  })
})

// At once, for they mostly wait, each on a database of its own.
describe.concurrent('bounds', () => {
  test('when all connections are busy, a caller waits a second and is told 503; the busy ones finish', async () => {
    await using t = await setup()
    await using db = openDatabase(t.target, { connectionsMax: 2 })
    const busy = [1, 2].map(() => db.transaction((tx) => tx.execute(sql`select pg_sleep(1.5)`)))
    const late = [
      refusalOf(db.transaction((tx) => tx.execute(sql`select 1`))),
      refusalOf(db.select().from(notes)),
    ]
    expect(await Promise.all(late)).toMatchObject([{ kind: 'unavailable' }, { kind: 'unavailable' }])
    await Promise.all(busy)
    expect(await db.select().from(notes)).toEqual([])
  })

  test('fifty callers share two connections when each is quick', async () => {
    await using t = await setup()
    await using db = openDatabase(t.target, { connectionsMax: 2 })
    const pids = await Promise.all(
      Array.from({ length: 50 }, () => db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)),
    )
    expect(new Set(pids.map(([row]) => row?.pid)).size).toBeLessThanOrEqual(2)
  })

  test('a slow statement ends at its limit: 503', async () => {
    await using t = await setup()
    await using db = openDatabase(t.target, { statementMs: 100 })
    expect(await refusalOf(db.execute(sql`select pg_sleep(10)`))).toMatchObject({ kind: 'unavailable' })
  })

  test('a lock held by somebody else is waited for two seconds: 503', async () => {
    await using t = await setup()
    const held = t.db.transaction(async (tx) => {
      await tx.execute(sql`lock table note`)
      return refusalOf(t.db.execute(sql`select 1 from note`))
    })
    expect(await held).toMatchObject({ kind: 'unavailable' })
  })

  test('a server which stops answering is given up two seconds after its limit: 503', async () => {
    await using t = await setup()
    await using proxy = await databaseProxy(t.target)
    await using db = openDatabase(proxy.target, { connectionsMax: 1, statementMs: 500 })
    for (const attempt of [
      () => db.execute(sql`select 1`),
      () => db.transaction((tx) => tx.execute(sql`select 1`)),
    ]) {
      expect(await attempt()).toHaveLength(1)
      proxy.freeze()
      expect(await refusalOf(attempt())).toMatchObject({ kind: 'unavailable' })
    }
    expect(await db.execute(sql`select 1 as one`)).toMatchObject([{ one: 1 }])
  })

  test('a server which is not there: 503 at once', async () => {
    await using db = openDatabase({ socketFolder: '/nonexistent', database: 'hub', user: 'tsunagi' })
    expect(await refusalOf(db.execute(sql`select 1`))).toMatchObject({ kind: 'unavailable' })
  })
})

test('closing lets work under way finish, and takes no more', async () => {
  await using t = await setup()
  const db = openDatabase(t.target)
  const under = Promise.resolve(db.execute(sql`select pg_sleep(0.2), 1 as one`))
  await untilSession(t.db, sql`state = 'active'`)
  const closed = db.close()
  expect(await refusalOf(db.select().from(notes))).toMatchObject({ kind: 'unavailable' })
  expect(await under).toMatchObject([{ one: 1 }])
  await closed
})

describe('a connection which is cut', () => {
  test('during COMMIT: 503, though it may have committed; nothing is sent a second time', async () => {
    await using t = await setup()
    await using proxy = await databaseProxy(t.target)
    await using db = openDatabase(proxy.target)
    proxy.cutAfter('commit')
    const write = db.transaction((tx) => tx.insert(notes).values({ id: 'a', at: new Date(), detail: {} }))
    expect(await refusalOf(write)).toMatchObject({ kind: 'unavailable' })
    await vi.waitFor(async () =>
      expect(await t.db.select({ id: notes.id }).from(notes)).toEqual([{ id: 'a' }]),
    )
  })

  test('the driver asks nothing of its own: cut off then, it would end the process', async () => {
    await using t = await setup()
    await using proxy = await databaseProxy(t.target)
    await using db = openDatabase(proxy.target)
    proxy.cutAfter('pg_catalog.pg_type')
    expect(await db.execute(sql`select ${1}::int as one`)).toEqual([{ one: 1 }])
  })

  test('during a statement: 503, and the next caller is served', async () => {
    await using t = await setup()
    await using other = openDatabase(t.target)
    const asked = refusalOf(t.db.execute(sql`select pg_sleep(10)`))
    await untilSession(other, sql`state = 'active'`)
    await cutSessions(other)
    expect(await asked).toMatchObject({ kind: 'unavailable' })
    expect(await t.db.select().from(notes)).toEqual([])
  })

  test('while idle: the process goes on, and the next callers are served', async () => {
    await using t = await setup()
    await using other = openDatabase(t.target)
    const ask = () => Promise.all([1, 2, 3].map(() => t.db.select().from(notes)))
    await ask()
    await cutSessions(other)
    await vi.waitFor(async () => expect(await ask()).toEqual([[], [], []]), { interval: 10 })
  })

  test.each([
    ['waits for an answer', (tx: Queryish) => tx.execute(sql`select pg_sleep(10)`)],
    ['thinks', (_: Queryish, cut: Promise<void>) => cut],
    ['swallows the loss', (tx: Queryish) => tx.execute(sql`select pg_sleep(10)`).catch(() => {})],
  ])('during a transaction which %s: 503, and nothing of it runs afterwards', async (_, pause) => {
    await using t = await setup()
    await using other = openDatabase(t.target)
    const at = new Date()
    const cut = Promise.withResolvers<void>()
    const work = t.db.transaction(async (tx) => {
      await tx.insert(notes).values({ id: 'before', at, detail: {} })
      await pause(tx, cut.promise)
      await Promise.allSettled(
        [1, 2].map((n) => tx.insert(notes).values({ id: `after-${n}`, at, detail: {} })),
      )
    })
    const asked = refusalOf(work)
    await untilSession(other, sql`query like '%note%' or query like '%pg_sleep%'`)
    await cutSessions(other)
    cut.resolve()
    expect(await asked).toMatchObject({ kind: 'unavailable' })
    expect(await Promise.all([1, 2, 3].map(() => t.db.select().from(notes)))).toEqual([[], [], []])
  })
})

test('what a failed transaction left running sends nothing into a stranger’s', async () => {
  await using t = await setup()
  await using db = openDatabase(t.target, { connectionsMax: 1 })
  const next = Promise.withResolvers<void>()
  let left: Promise<unknown> | undefined
  const failed = db.transaction((tx) => {
    const insert = () => tx.insert(notes).values({ id: 'left', at: new Date(), detail: {} })
    left = next.promise.then(() => refusalOfAny(insert()))
    return Promise.reject(new Error('failed'))
  })
  await expect(failed).rejects.toThrow('failed')
  await db.transaction(async (tx) => {
    await tx.execute(sql`select 1`)
    next.resolve()
    expect(String(await left)).toContain('no statement follows the end of its transaction')
  })
  expect(await db.select().from(notes)).toEqual([])
})

const refusalOfAny = (work: Promise<unknown>) =>
  work.then(
    () => 'ran',
    ({ cause }: Error) => cause,
  )

type Queryish = { execute: Database['execute'] }

test('several hosts, none of which answers: told at once, each tried once', async () => {
  const ports = await Promise.all([freePort(), freePort()])
  const url = `postgres://u@${ports.map((port) => `127.0.0.1:${port}`).join()}/db`
  await using db = openDatabase({ url })
  const asked = performance.now()
  await expect(db.execute(sql`select 1`)).rejects.toSatisfy(isUnavailable)
  await expect(db.transaction((tx) => tx.execute(sql`select 1`))).rejects.toSatisfy(isUnavailable)
  expect(performance.now() - asked).toBeLessThan(2_000)
})

const isUnavailable = (error: unknown) => databaseRefusal(error)?.kind === 'unavailable'
