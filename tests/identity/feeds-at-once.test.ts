import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterRegistrations } from '../../src/identity/linkage/index.ts'
import { refOf } from '../../src/identity/patient-id.ts'
import { lockPatientId } from '../../src/identity/store.ts'
import { registration } from '../../src/identity/tables.ts'
import { openDatabase } from '../../src/kernel/database.ts'
import { anyRecord } from './any-record.ts'
import { callOf, codeOf, MINATO, patientPath, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from './resident.ts'

/** Single feeds that come while others are fed go into one transaction. Each must fare as if it had come alone. */
const day = (n: number) => ({ birthDate: new Date(Date.UTC(1961, 2, 1 + n)).toISOString().slice(0, 10) })
const many = <T>(count: number, each: (n: number) => T) => Array.from({ length: count }, (_, n) => each(n))

test('new, changed, repeated and merged ones, one id and one day twice: each is answered for itself', async () => {
  await using t = await testIndex()
  for (const n of [1, 2, 3]) await t.put(MINATO, `M-${n}`, day(n))
  const replaced = { other: { identifier: { system: MINATO.patientSystem, value: 'M-1' } } }
  const link = [{ type: 'replaced-by', ...replaced }]
  const fed = await Promise.all([
    t.put(MINATO, 'M-10', day(10)),
    t.put(MINATO, 'M-11', day(11)),
    t.put(MINATO, 'M-1', { ...day(1), phone: null }),
    t.put(MINATO, 'M-2', day(2)),
    t.put(MINATO, 'M-3', day(3), { active: false, link }),
    t.put(MINATO, 'M-12', day(12)),
    t.put(MINATO, 'M-12', { ...day(12), phone: null }),
    t.put(MINATO, 'M-13', day(11)),
    t.put(SAGAMINO, 'S-10', day(10)),
  ])
  expect(fed.map(({ status, headers }) => `${status} ${headers.get('etag')}`)).toEqual([
    ...['201 W/"1"', '201 W/"1"', '200 W/"2"', '200 W/"1"', '200 W/"2"'],
    ...['201 W/"1"', '200 W/"2"', '201 W/"1"', '201 W/"1"'],
  ])
  expect(await t.persons()).toEqual([
    ['minato M-1'],
    ['minato M-10', 'sagamino S-10'],
    ['minato M-11', 'minato M-13'],
    ['minato M-12'],
    ['minato M-2'],
  ])
  expect(await t.audited('registration.feed')).toHaveLength(12)
})

test('409 for one that is out of date, and for nobody beside it', async () => {
  await using t = await testIndex()
  const at = (month: number) => ({ meta: { lastUpdated: `2026-0${month}-05T00:00:00Z` } })
  await t.put(MINATO, 'M-0', day(0), at(2))
  const fed = await Promise.all(
    many(12, (n) => t.put(MINATO, `M-${n === 6 ? 0 : n + 1}`, day(n === 6 ? 0 : n + 1), at(n === 6 ? 1 : 3))),
  )
  expect(fed.map(({ status }) => status)).toEqual(many(12, (n) => (n === 6 ? 409 : 201)))
  expect(await codeOf(fed[6] as Response)).toBe('version-stale')
  expect(await t.persons()).toHaveLength(12)
})

test('several versions of one registration come in the order in which they were sent', async () => {
  await using t = await testIndex()
  const phones = many(8, (n) => `090-0000-000${n}`)
  const fed = await Promise.all(
    phones.flatMap((phone, n) => [
      t.put(MINATO, 'M-1', { ...day(1), phone }),
      t.put(MINATO, `M-1${n}`, day(10 + n)),
    ]),
  )
  const versions = fed.filter((_, n) => n % 2 === 0).map(({ headers }) => headers.get('etag'))
  expect(versions).toEqual(many(8, (n) => `W/"${n + 1}"`))
  const rows = await t.context.db.select().from(registration)
  expect(rows.find(({ localId }) => localId === 'M-1')?.source).toContain('090-0000-0007')
})

test('503 for one whose patient somebody else holds for too long, and for nobody beside it', async () => {
  await using t = await testIndex()
  const fed = await t.context.db.transaction(async (tx) => {
    await lockPatientId(tx, { region: 'minato', localId: 'M-5' })
    return Promise.all(many(10, (n) => t.put(MINATO, `M-${n}`, day(n))))
  })
  expect(fed.map(({ status }) => status)).toEqual(many(10, (n) => (n === 5 ? 503 : 201)))
  expect((await t.put(MINATO, 'M-5', day(5))).status).toBe(201)
}, 30_000)

test('whatever comes at once to two processes, the links are those of the set that is left', async () => {
  await using t = await testIndex()
  await using second = openDatabase(t.target, { connectionsMax: 4 })
  const processes = [t.call, callOf({ ...t.context, db: second })] as const
  const anyFeed = fc.record({
    caller: fc.constantFrom(MINATO, SAGAMINO, SHIOKAZE),
    localId: fc.constantFrom('p-1', 'p-2', 'p-3', 'p-4', 'p-5', 'p-6'),
    record: anyRecord,
    born: fc.constantFrom('1961-02-03', '1961-02-04', '1975-12-01', '1980-05-05', '1990-10-10'),
    process: fc.constantFrom(0, 1),
  })
  const send = ({
    caller,
    localId,
    record,
    born,
    process,
  }: typeof anyFeed extends fc.Arbitrary<infer F> ? F : never) => {
    const resident: ResidentRecord = {
      ...HANAKO,
      ...record,
      birthDate: record.birthDate === null ? null : born,
    }
    const body = JSON.stringify(patientOf(resident, { system: caller.patientSystem, value: localId }))
    return processes[process as 0 | 1](caller, 'PUT', patientPath(caller, localId), body)
  }
  await fc.assert(
    fc
      .asyncProperty(fc.array(anyFeed, { minLength: 10, maxLength: 30 }), async (feeds) => {
        const statuses = (await Promise.all(feeds.map(send))).map(({ status }) => status)
        expect([200, 201, 409]).toEqual(expect.arrayContaining([...new Set(statuses)]))
        const rows = await t.context.db.select().from(registration)
        const members = rows.map((row) => ({ ref: refOf(row), features: row.features }))
        const { clusters } = clusterRegistrations(members)
        expect(await t.persons()).toEqual(clusters.map(({ refs }) => refs).sort())
      })
      .afterEach(async () => {
        const callers = { minato: MINATO, sagamino: SAGAMINO, shiokaze: SHIOKAZE }
        for (const row of await t.context.db.select().from(registration))
          await t.remove(callers[row.region as keyof typeof callers], row.localId)
      }),
    { numRuns: 12 },
  )
}, 120_000)
