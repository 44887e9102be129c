import { once } from 'node:events'
import { createConnection, createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { holdDatabase } from '../../src/demo/hold-database.ts'
import type { DatabaseTarget } from '../../src/kernel/database.ts'
import { testDatabase } from '../support/test-database.ts'
import { untilAnyoneWaits } from '../support/until-waiting.ts'

/** A URL for the test's database, which has only a socket in a folder. */
async function urlOf(target: DatabaseTarget): Promise<{ url: string } & Disposable> {
  if ('url' in target) return { url: target.url, [Symbol.dispose]: () => {} }
  const path = `${target.socketFolder}/.s.PGSQL.5432`
  const server = createServer((client) => {
    const database = createConnection(path)
    client.pipe(database).pipe(client)
    client.on('close', () => database.destroy()).on('error', () => database.destroy())
    database.on('error', () => client.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const url = `postgres://${target.user}@127.0.0.1:${port}/${target.database}`
  return { url, [Symbol.dispose]: () => server.close() }
}

test('a second demonstration on the same database is refused, and told who is first; then it may', async () => {
  await using database = await testDatabase('empty')
  using place = await urlOf(database.target)
  const first = await holdDatabase(place.url, '/data/first')
  await expect(holdDatabase(place.url, '/data/second')).rejects.toMatchObject({
    code: 'demo-running',
    at: expect.stringContaining(`demo PID ${process.pid} /data/first`),
  })
  await first[Symbol.asyncDispose]()
  await (await holdDatabase(place.url, '/data/second'))[Symbol.asyncDispose]()
})

test('who holds another database of the same server is in nobody’s way', async () => {
  await using one = await testDatabase('empty')
  await using other = await testDatabase('empty')
  using place = await urlOf(one.target)
  using elsewhere = await urlOf(other.target)
  await using _first = await holdDatabase(place.url, '/data/first')
  await using _second = await holdDatabase(elsewhere.url, '/data/second')
})

test('whose session is lost holds the database again; unless another demonstration was waiting, and then it is told', async () => {
  await using database = await testDatabase('empty')
  using place = await urlOf(database.target)
  await using first = await holdDatabase(place.url, '/data/first')
  const holders = sql`
    select a.pid from pg_locks l join pg_stat_activity a using (pid)
     where l.objid = 7150042 and l.granted and a.datname = current_database() and a.application_name like '%first'`
  const holder = async () => (await database.db.execute<{ pid: number }>(holders))[0]?.pid ?? 0
  const end = (pid: number) => database.db.execute(sql`select pg_terminate_backend(${pid})`)
  const before = await holder()
  await end(before)
  await expect.poll(holder, { timeout: 4_000 }).not.toBeOneOf([0, before])
  await expect(holdDatabase(place.url, '/data/second')).rejects.toMatchObject({ code: 'demo-running' })
  const again = await holder()
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('application_name', 'demo PID 1 /data/second', false)`)
    const waiting = tx.execute(sql`select pg_advisory_lock(7150042)`).then(() => {})
    await untilAnyoneWaits(database.db)
    await end(again)
    await waiting
    await first.taken
    await tx.execute(sql`select pg_advisory_unlock_all()`)
  })
})
