import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { expect, test, vi } from 'vitest'
import { type Database, databaseRefusal, openDatabase } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { listenTo } from '../../src/kernel/notifications.ts'

const WRITERS = 8
const WRITES = 8

test.each([
  ['a fast restart', 'SIGINT'],
  ['a kill -9 of the server', 'SIGKILL'],
] as const)(
  '%s under load: 503 meanwhile, then service; all that was acknowledged is there',
  async (_, signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'tsunagi-restart-'))
    await using stack = new AsyncDisposableStack()
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    const postgres = stack.use(await openEmbeddedPostgres(folder))
    const db = openDatabase(postgres.target('postgres'), { connectionsMax: WRITERS })
    const heard: string[] = []
    const listening = listenTo(db.target, 'epoch', (name) => heard.push(name))
    await db.execute(sql`create table written (id text primary key, half int not null)`)
    const postmaster = Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0])

    const acknowledged: string[] = []
    let refused = 0
    let killed = false
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))

    /** Writes pairs until enough have been acknowledged after a refusal; the first writer strikes half way. */
    async function write(writer: number): Promise<void> {
      let after = 0
      for (let n = 0; after < WRITES; n += 1) {
        const id = `${writer}-${n}`
        if (writer === 0 && n === WRITES) {
          process.kill(postmaster, signal)
          killed = true
        }
        try {
          await db.transaction(async (tx) => {
            await tx.execute(sql`insert into written values (${`${id}/1`}, 1)`)
            await tx.execute(sql`insert into written values (${`${id}/2`}, 2)`)
          })
          acknowledged.push(`${id}/1`, `${id}/2`)
          if (killed && refused > 0) after += 1
        } catch (error) {
          expect(databaseRefusal(error)).toMatchObject({ kind: 'unavailable' })
          refused += 1
          await pause(20)
        }
      }
    }

    const rows = await db.execute<{ id: string }>(sql`select id from written`)
    const found = new Set(rows.map(({ id }) => id))
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
    expect(found.size % 2).toBe(0)
    expect(refused).toBeGreaterThan(0)

    await vi.waitFor(async () => {
      await db.execute(sql`notify epoch, 'moved'`)
      expect(heard).toContain('moved')
    }, 10_000)
    await Promise.all([listening[Symbol.asyncDispose](), db.close()])
    await using after = openDatabase(postgres.target('postgres'), { connectionsMax: 1 })
    await vi.waitFor(async () => expect(await othersConnected(after)).toEqual([]), 3_000)
  },
)

const othersConnected = (db: Database) =>
  db.execute(sql`select query from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid()`)
