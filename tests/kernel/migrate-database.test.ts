import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { migrateDatabase, openDatabase, pendingMigrations, type Side } from '../../src/kernel/database.ts'
import { testDatabase } from '../support/test-database.ts'

/** Migrations as drizzle-kit leaves them: a journal, and one file each. */
function migrationsOf(sides: Partial<Record<Side, string[]>>): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tsunagi-migrations-'))
  for (const [side, statements] of Object.entries(sides)) {
    mkdirSync(join(path, side, 'meta'), { recursive: true })
    const entries = statements.map((statement, idx) => {
      writeFileSync(join(path, side, `000${idx}_step.sql`), statement)
      return { idx, version: '7', when: 1_780_000_000_000 + idx, tag: `000${idx}_step`, breakpoints: true }
    })
    writeFileSync(join(path, side, 'meta/_journal.json'), JSON.stringify({ version: '7', entries }))
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

const CREATE = 'create table one (id int);\n--> statement-breakpoint\ncreate table two (id int);'
const SIDES = ['shared', 'hub'] as const

test('applies each side once, in order, and skips a side which has nothing', async () => {
  await using t = await testDatabase('empty')
  using files = migrationsOf({ shared: [CREATE, 'insert into one values (1)'] })
  expect(await pendingMigrations(t.db, SIDES, files.path)).toBe(2)
  expect(await migrateDatabase(t.db, SIDES, files.path)).toBe(2)
  expect(await migrateDatabase(t.db, SIDES, files.path)).toBe(0)
  expect(await pendingMigrations(t.db, SIDES, files.path)).toBe(0)
  expect(await t.db.execute(sql`select id from one`)).toEqual([{ id: 1 }])
})

test('two instances which start together migrate once', async () => {
  await using t = await testDatabase('empty')
  await using other = openDatabase(t.target)
  using files = migrationsOf({
    shared: [`${CREATE}; select pg_sleep(0.2)`],
    hub: ['create table three (id int)'],
  })
  const applied = await Promise.all(
    [t.db, other, t.db, other].map((db) => migrateDatabase(db, SIDES, files.path)),
  )
  expect(applied.toSorted()).toEqual([0, 0, 0, 2])
})

test('a migration which fails half-way leaves the database as it was, the other side too', async () => {
  await using t = await testDatabase('empty')
  using files = migrationsOf({ shared: [CREATE], hub: ['create table three (id int); select 1 / 0'] })
  await expect(migrateDatabase(t.db, SIDES, files.path)).rejects.toThrow()
  expect(await t.db.execute(sql`select to_regclass('one') as one`)).toEqual([{ one: null }])
  expect(await pendingMigrations(t.db, SIDES, files.path)).toBe(2)
})

test('a database of a newer version is refused, untouched', async () => {
  await using t = await testDatabase('empty')
  using newer = migrationsOf({ shared: [CREATE, 'create table three (id int)'] })
  using older = migrationsOf({ shared: [CREATE], hub: ['create table four (id int)'] })
  await migrateDatabase(t.db, SIDES, newer.path)
  await expect(migrateDatabase(t.db, SIDES, older.path)).rejects.toMatchObject({
    code: 'database-newer-than-code',
  })
  expect(await t.db.execute(sql`select to_regclass('four') as four`)).toEqual([{ four: null }])
})

test('an applied migration which was edited since is refused', async () => {
  await using t = await testDatabase('empty')
  using files = migrationsOf({ shared: [CREATE] })
  using edited = migrationsOf({ shared: [`${CREATE} -- better`, 'create table three (id int)'] })
  await migrateDatabase(t.db, SIDES, files.path)
  await expect(migrateDatabase(t.db, SIDES, edited.path)).rejects.toMatchObject({ code: 'migration-edited' })
})

test.each([
  ['hub', ['shared', 'hub']],
  ['gateway', ['shared', 'gateway']],
] as const)('the template of a %s is up to date', async (kind, sides) => {
  await using t = await testDatabase(kind)
  expect(await pendingMigrations(t.db, sides)).toBe(0)
})
