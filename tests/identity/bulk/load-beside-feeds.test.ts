import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, expect, test, vi } from 'vitest'
import { loadFile, senderOf } from '../../../src/identity/bulk/index.ts'
import { feedRegistration, readPatient } from '../../../src/identity/index.ts'
import { releaseKeys } from '../../../src/identity/linkage/index.ts'
import { lockEverybody } from '../../../src/identity/store.ts'
import { registration, registrationKey } from '../../../src/identity/tables.ts'
import { type Database, openDatabase, type Transaction } from '../../../src/kernel/database.ts'
import { NOON } from '../../support/test-context.ts'
import { MINATO, testIndex } from '../index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from '../resident.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-beside-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const textOf = (localId: string, record: ResidentRecord = {}) =>
  JSON.stringify(patientOf({ ...HANAKO, ...record }, { system: MINATO.patientSystem, value: localId }))

function feed(tx: Transaction, localId: string, record: ResidentRecord) {
  const read = readPatient(textOf(localId, record), NOON, MINATO.patientSystem)
  return feedRegistration(tx, MINATO, localId, read, NOON)
}

/** The hub and, beside it, a process that loads. */
async function setup() {
  const t = await testIndex()
  const other = openDatabase(t.target, { connectionsMax: 2 })
  const sender = await senderOf(t.context.db, 'minato')
  return {
    ...t,
    load(...lines: string[]) {
      const file = join(folder, 'residents.ndjson')
      writeFileSync(file, lines.join('\n'))
      return loadFile({ ...t.context, db: other }, { file, sender, threads: 1, restart: true })
    },
    async [Symbol.asyncDispose]() {
      await other.close()
      await t[Symbol.asyncDispose]()
    },
  }
}

/** Resolves when as many sessions wait for a lock. */
function untilWaiting(db: Database, count: number): Promise<void> {
  return vi.waitFor(
    async () => {
      const [row] = await db.execute<{
        waiting: number
      }>(sql`select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      if (row?.waiting !== count) throw new Error('Not yet.')
    },
    { timeout: 10_000, interval: 10 },
  )
}

/** Each registration has the keys of what it says now, and no others. */
async function expectOwnKeys(db: Database): Promise<void> {
  const rows = await db.select().from(registration)
  const keys = await db.select().from(registrationKey)
  for (const { localId, features } of rows) {
    const own = keys.filter((each) => each.localId === localId).map(({ key }) => key)
    expect(new Set(own)).toEqual(new Set(releaseKeys(features)))
    expect(own.length).toBe(new Set(own).size)
  }
}

test('an id that is fed while a file brings it for the first time: the file changes what was fed', async () => {
  await using t = await setup()
  const { db } = t.context
  const fed = Promise.withResolvers<void>()
  const feeding = db.transaction(async (tx) => {
    await feed(tx, 'M-1', { phone: '070-0000-0009' })
    await fed.promise
  })
  const loading = t.load(textOf('M-1'), textOf('M-2', { birthDate: '1990-08-09' }))
  await untilWaiting(db, 1)
  fed.resolve()
  await feeding
  expect(await loading).toMatchObject({ created: 1, changed: 1, refused: 0 })
  const rows = await db.select().from(registration).orderBy(registration.localId)
  expect(rows.map(({ localId, version, source }) => [localId, version, source])).toEqual([
    ['M-1', 2, textOf('M-1')],
    ['M-2', 1, textOf('M-2', { birthDate: '1990-08-09' })],
  ])
  await expectOwnKeys(db)
  expect(await t.persons()).toEqual([['minato M-1']])
})

test('an id that a file brings for the first time while it is fed: the feed waits, and changes what was loaded', async () => {
  await using t = await setup()
  const { db } = t.context
  await t.put(MINATO, 'M-0')
  const linked = Promise.withResolvers<void>()
  const holding = db.transaction(async (tx) => {
    await lockEverybody(tx)
    await linked.promise
  })
  // Known, so it has to be fed, which waits; M-1 stands there already and is not committed.
  const loading = t.load(textOf('M-1'), textOf('M-0', { phone: null }))
  await untilWaiting(db, 1)
  const feeding = db.transaction((tx) => feed(tx, 'M-1', { phone: '070-0000-0009' }))
  await untilWaiting(db, 2)
  linked.resolve()
  await holding
  expect(await loading).toMatchObject({ created: 1, changed: 1, refused: 0 })
  expect(await feeding).toMatchObject({ outcome: 'updated', version: 2 })
  const rows = await db.select().from(registration).orderBy(registration.localId)
  expect(rows.map(({ localId, source }) => [localId, source])).toEqual([
    ['M-0', textOf('M-0', { phone: null })],
    ['M-1', textOf('M-1', { phone: '070-0000-0009' })],
  ])
  await expectOwnKeys(db)
  expect(await t.persons()).toEqual([['minato M-0', 'minato M-1']])
})
