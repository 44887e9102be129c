import { expect, test } from 'vitest'
import type { Caller } from '../../src/http/index.ts'
import { allowChanges, feedRegistration, readPatient, removeRegistration } from '../../src/identity/index.ts'
import { clusterRegistrations } from '../../src/identity/linkage/index.ts'
import { refOf } from '../../src/identity/patient-id.ts'
import { registration } from '../../src/identity/tables.ts'
import { type Database, openDatabase } from '../../src/kernel/database.ts'
import { NOON } from '../support/test-context.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from './resident.ts'

/** `npm run test:races` asks for more. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 60)
const WAIT_MS = 30_000 + 500 * ROUNDS

function feed(db: Database, caller: Caller, localId: string, record: ResidentRecord) {
  const own = { system: caller.patientSystem, value: localId }
  const text = JSON.stringify(patientOf({ ...HANAKO, ...record }, own))
  const read = readPatient(text, NOON, caller.patientSystem)
  return db.transaction((tx) => feedRegistration(tx, caller, localId, read, NOON))
}

/** The hub as two processes, each with a pool of its own. */
async function twoProcesses() {
  const t = await testIndex()
  const second = openDatabase(t.target, { connectionsMax: 2 })
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

test(
  'first records of one person, fed to two processes at once, make one person each time',
  async () => {
    await using t = await twoProcesses()
    for (let n = 0; n < ROUNDS; n += 1) {
      const birthDate = dayOf(n)
      const [a, b] = await Promise.all([
        feed(t.first, MINATO, `M-${n}`, { birthDate }),
        feed(t.second, SAGAMINO, `S-${n}`, { birthDate, family: '高橋' }),
      ])
      expect([a.outcome, b.outcome]).toEqual(['created', 'created'])
    }
    expect((await t.persons()).map((refs) => refs.length)).toEqual(Array(ROUNDS).fill(2))
  },
  WAIT_MS,
)

test(
  'registrations that change places between two birth dates at once neither wait for ever nor mix',
  async () => {
    await using t = await twoProcesses()
    for (const region of ['minato', 'sagamino', 'shiokaze']) {
      const until = new Date(NOON.getTime() + 3_600_000)
      const allowed = { region, changes: 10 * ROUNDS, until, reason: '競合の試験のため' }
      await t.first.transaction((tx) => allowChanges(tx, allowed, NOON))
    }
    for (let n = 0; n < ROUNDS / 2; n += 1) {
      const [here, there] = n % 2 === 0 ? [dayOf(0), dayOf(1)] : [dayOf(1), dayOf(0)]
      await Promise.all([
        feed(t.first, MINATO, 'M-1', { birthDate: here }),
        feed(t.second, SAGAMINO, 'S-1', { birthDate: there }),
        feed(t.second, SHIOKAZE, 'K-1', { birthDate: here, phone: n % 3 === 0 ? null : '070-0000-0001' }),
      ])
      if (n % 10 === 9) {
        await t.first.transaction((tx) =>
          removeRegistration(tx, { region: 'shiokaze', localId: 'K-1' }, NOON),
        )
      }
      const rows = await t.first.select().from(registration)
      const members = rows.map((row) => ({ ref: refOf(row), features: row.features }))
      expect(await t.persons()).toEqual(
        clusterRegistrations(members)
          .clusters.map(({ refs }) => refs)
          .sort(),
      )
    }
  },
  WAIT_MS,
)

function dayOf(n: number): string {
  return new Date(Date.UTC(1961, 1, 2 + n)).toISOString().slice(0, 10)
}
