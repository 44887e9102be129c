import { expect, test } from 'vitest'
import { allowChanges, feedRate, guardFeed } from '../../src/identity/index.ts'
import { registration } from '../../src/identity/tables.ts'
import { present } from '../../src/kernel/must.ts'
import { NOON } from '../support/test-context.ts'
import { codeOf, MINATO, SAGAMINO, testIndex } from './index-app.ts'

const HOUR_MS = 3_600_000

type Index = Awaited<ReturnType<typeof testIndex>>

/** So many changes at once, as a batch counts them. */
const change = (t: Index, changes: number, at = NOON) =>
  t.context.db.transaction((tx) => guardFeed(tx, 'minato', changes, at))

test('a region that changes more than a day’s share is stopped; creating and repeating is no change', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(MINATO, 'M-2')
  await t.put(MINATO, 'M-1')
  expect((await feedRate(t.context.db, 'minato', NOON)).changes).toBe(0)
  await change(t, 198)
  expect((await t.put(MINATO, 'M-1', { phone: null })).status).toBe(200)
  expect((await t.remove(MINATO, 'M-2')).status).toBe(204)
  const [refused, removal] = [await t.put(MINATO, 'M-1'), await t.remove(MINATO, 'M-1')]
  expect([refused.status, await codeOf(refused)]).toEqual([409, 'feed-halted'])
  expect([removal.status, await codeOf(removal)]).toEqual([409, 'feed-halted'])
  expect(await t.persons()).toEqual([['minato M-1']])
  expect(await t.audited('feed.halted')).toEqual([{ region: 'minato' }, { region: 'minato' }])
  expect((await t.put(MINATO, 'M-3')).status).toBe(201)
  await t.put(SAGAMINO, 'S-1')
  expect((await t.put(SAGAMINO, 'S-1', { phone: null })).status).toBe(200)
})

test('an operator lets it go on, for so many and so long; then time does', async () => {
  let now = NOON
  await using t = await testIndex({ now: () => now })
  await t.put(MINATO, 'M-1')
  await change(t, 200)
  expect((await t.put(MINATO, 'M-1', { phone: null })).status).toBe(409)
  const until = new Date(NOON.getTime() + HOUR_MS)
  const allowed = { region: 'minato', changes: 1, until, reason: '病院の統合' }
  await t.context.db.transaction((tx) => allowChanges(tx, allowed, NOON))
  expect((await t.put(MINATO, 'M-1', { phone: null })).status).toBe(200)
  expect((await t.put(MINATO, 'M-1')).status).toBe(409)
  expect(await t.audited('feed.allowed')).toMatchObject([
    { region: 'minato', changes: 1, reason: '病院の統合' },
  ])
  now = new Date(NOON.getTime() + 25 * HOUR_MS)
  expect((await t.put(MINATO, 'M-1')).status).toBe(200)
})

test('a large region has a larger share', async () => {
  await using t = await testIndex()
  await t.put(SAGAMINO, 'S-1')
  const [row] = await t.context.db.select().from(registration)
  const own = { ...present(row, 'fed'), region: 'shiokaze' }
  const rows = Array.from({ length: 6_000 }, (_, at) => ({ ...own, localId: `K-${at}` }))
  for (let from = 0; from < rows.length; from += 1_000) {
    await t.context.db.insert(registration).values(rows.slice(from, from + 1_000))
  }
  const changeThere = (changes: number) =>
    t.context.db.transaction((tx) => guardFeed(tx, 'shiokaze', changes, NOON))
  await changeThere(300)
  await expect(changeThere(1)).rejects.toMatchObject({ code: 'feed-halted' })
  expect(await feedRate(t.context.db, 'shiokaze', NOON)).toEqual({
    changes: 300,
    limit: 300,
    allowed: 0,
    registrations: 6_000,
  })
})
