import { expect, test } from 'vitest'
import {
  type Deciding,
  keepApart,
  mergePersons,
  splitPerson,
  undoDecision,
} from '../../src/identity/review/index.ts'
import { declaredPair } from '../../src/identity/review-tables.ts'
import { link, linkEvent, registration } from '../../src/identity/tables.ts'
import { type Database, openDatabase } from '../../src/kernel/database.ts'
import { HubError } from '../../src/kernel/hub-error.ts'
import { NOON } from '../support/test-context.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'
import type { ResidentRecord } from './resident.ts'

const ROUNDS = 10

const DECIDING: Deciding = {
  ...{ by: { region: 'minato', clerk: 'clerk-1' }, second: { region: 'minato', clerk: 'clerk-2' } },
  ...{ reason: '確認済み', at: NOON },
}

/** The hub as two processes, each with a pool of its own. */
async function twoProcesses() {
  const t = await testIndex()
  const second = openDatabase(t.target, { connectionsMax: 3 })
  return {
    ...t,
    first: t.context.db,
    second,
    async [Symbol.asyncDispose]() {
      await second.close()
      await t[Symbol.asyncDispose]()
    },
  }
}

const M = { region: 'minato', localId: 'M-1' }
const S = { region: 'sagamino', localId: 'S-1' }
const K = { region: 'shiokaze', localId: 'K-1' }

const merge = (db: Database, a: typeof M, b: typeof M) =>
  db.transaction((tx) => mergePersons(tx, [a, b], DECIDING)).then(({ id }) => id, refused)
const apart = (db: Database, a: typeof M, b: typeof M) =>
  db.transaction((tx) => keepApart(tx, a, [b], DECIDING)).then(({ id }) => id, refused)

/** The code of a refusal; a fault stays one. */
function refused(error: unknown): string {
  if (error instanceof HubError) return error.code
  throw error
}

const UNLIKE = (at: number): ResidentRecord => ({ insured: null, phone: null, birthDate: `195${at}-06-07` })

test('merges in a ring, taken at once by two processes, end as one person, and nobody waits for ever', async () => {
  await using t = await twoProcesses()
  await t.put(MINATO, 'M-1', UNLIKE(1))
  await t.put(SAGAMINO, 'S-1', UNLIKE(2))
  await t.put(SHIOKAZE, 'K-1', UNLIKE(3))
  for (let round = 0; round < ROUNDS; round += 1) {
    const outcomes = await Promise.all([merge(t.first, M, S), merge(t.second, S, K), merge(t.second, K, M)])
    expect(outcomes.filter((outcome) => typeof outcome === 'number')).toHaveLength(2)
    expect(outcomes.filter((outcome) => typeof outcome === 'string')).toEqual(['decision-void'])
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1', 'shiokaze K-1']])
    const made = outcomes.filter((outcome) => typeof outcome === 'number').sort((a, b) => b - a)
    for (const id of made) await t.first.transaction((tx) => undoDecision(tx, id, DECIDING))
    expect(await t.persons()).toHaveLength(3)
  }
}, 120_000)

test('opposite decisions about one pair at once: what holds afterwards is what the last one said', async () => {
  await using t = await twoProcesses()
  await t.put(MINATO, 'M-1', UNLIKE(1))
  await t.put(SAGAMINO, 'S-1', UNLIKE(2))
  for (let round = 0; round < ROUNDS; round += 1) {
    const outcomes = await Promise.all([merge(t.first, M, S), apart(t.second, S, M)])
    const [pair] = await t.first.select().from(declaredPair)
    expect(await t.persons()).toHaveLength(pair?.declared === 'same' ? 1 : 2)
    // Whoever came second either overruled the first, or was told of the contradiction.
    expect(
      outcomes
        .filter((outcome) => typeof outcome === 'string')
        .every((code) => code === 'decision-contradicts'),
    ).toBe(true)
    const made = outcomes.filter((outcome) => typeof outcome === 'number').sort((a, b) => b - a)
    for (const id of made) await t.first.transaction((tx) => undoDecision(tx, id, DECIDING))
  }
}, 60_000)

test('a registration fed while it is taken out of its person stays out', async () => {
  await using t = await twoProcesses()
  for (let round = 0; round < ROUNDS; round += 1) {
    const birthDate = `1961-02-${10 + round}`
    const [own, other] = [`M-${round}`, `S-${round}`]
    await t.put(MINATO, own, { birthDate })
    await t.put(SAGAMINO, other, { birthDate })
    const [fed] = await Promise.all([
      t.put(SAGAMINO, other, { birthDate, phone: null }),
      t.second.transaction((tx) => splitPerson(tx, [{ region: 'sagamino', localId: other }], DECIDING)),
    ])
    expect(fed.status).toBe(200)
  }
  expect((await t.persons()).every((refs) => refs.length === 1)).toBe(true)
}, 60_000)

test('the links are those that their events tell, whatever ran at once', async () => {
  await using t = await twoProcesses()
  await Promise.all([
    ...[0, 1, 2, 3].map((n) => t.put(MINATO, `M-${n}`, { phone: n % 2 === 0 ? null : '070-0000-0001' })),
    ...[0, 1].map((n) => t.put(SAGAMINO, `S-${n}`, { gender: n === 0 ? 'female' : 'male' })),
  ])
  await Promise.all([
    t.remove(MINATO, 'M-0'),
    merge(t.second, { region: 'sagamino', localId: 'S-1' }, { region: 'sagamino', localId: 'S-0' }),
    t.put(MINATO, 'M-1', { birthDate: '1961-02-08' }),
  ])
  const held = new Map<string, string>()
  for (const event of await t.first.select().from(linkEvent).orderBy(linkEvent.id)) {
    const ref = `${event.region} ${event.localId}`
    expect(held.get(ref) ?? null).toBe(event.before)
    if (event.after === null) held.delete(ref)
    else held.set(ref, event.after)
  }
  const links = await t.first.select().from(link)
  expect(new Map(links.map((row) => [`${row.region} ${row.localId}`, row.person]))).toEqual(held)
})

test('in whatever order a registration’s messages come, and however often, it ends the same', async () => {
  await using t = await testIndex()
  const at = (day: number) => ({ meta: { lastUpdated: `2026-05-0${day}T09:00:00+09:00` } })
  const into = (localId: string) => ({
    ...{
      active: false,
      link: [
        { type: 'replaced-by', other: { identifier: { system: MINATO.patientSystem, value: localId } } },
      ],
    },
    ...at(3),
  })
  const orders = permutations([0, 1, 2, 3])
  for (const [round, order] of orders.entries()) {
    const [old, survivor] = [`O-${round}`, `N-${round}`]
    const birthDate = new Date(Date.UTC(1950, 0, 2 + round)).toISOString().slice(0, 10)
    const messages = [
      () => t.put(MINATO, old, { birthDate }, at(1)),
      () => t.put(MINATO, old, { birthDate, phone: null }, at(2)),
      () => t.put(MINATO, old, { birthDate }, into(survivor)),
      () => t.put(MINATO, survivor, { birthDate }, at(2)),
    ]
    for (const which of [...order, ...order]) {
      expect([200, 201, 409]).toContain((await messages[which]?.())?.status)
    }
    expect(await t.personOf(MINATO, old)).toBe(await t.personOf(MINATO, survivor))
  }
  const rows = await t.context.db.select().from(registration)
  for (const row of rows) {
    const isOld = row.localId.startsWith('O')
    expect([row.isActive, row.replacedBy]).toEqual(
      isOld ? [false, row.localId.replace('O', 'N')] : [true, null],
    )
  }
  expect(await t.persons()).toHaveLength(orders.length)
}, 120_000)

function permutations(items: number[]): number[][] {
  if (items.length < 2) return [items]
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  )
}
