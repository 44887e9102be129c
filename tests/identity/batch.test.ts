import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feedTogether } from '../../src/identity/feed-together.ts'
import { guardFeed, readPatient } from '../../src/identity/index.ts'
import { clusterRegistrations } from '../../src/identity/linkage/index.ts'
import { refOf } from '../../src/identity/patient-id.ts'
import { registration } from '../../src/identity/tables.ts'
import { anyRecord } from './any-record.ts'
import { MINATO, patientPath, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from './resident.ts'

type Index = Awaited<ReturnType<typeof testIndex>>
type Caller = typeof MINATO

const feedOf = (caller: Caller, localId: string, record: ResidentRecord = {}, changes: object = {}) => ({
  resource: {
    ...patientOf({ ...HANAKO, ...record }, { system: caller.patientSystem, value: localId }),
    ...changes,
  },
  request: { method: 'PUT', url: patientPath(caller, localId).slice(1) },
})
const lookUpOf = ({ patientSystem }: Caller, localId: string) => ({
  request: {
    method: 'GET',
    url: `Patient/$ihe-pix?sourceIdentifier=${encodeURIComponent(`${patientSystem}|${localId}`)}`,
  },
})
const bundleOf = (entry: unknown) => JSON.stringify({ resourceType: 'Bundle', type: 'batch', entry })

interface Answered {
  resource?: { parameter?: { valueIdentifier: { value: string } }[] }
  response: {
    status: string
    etag?: string
    outcome?: { issue: { details: object; expression?: string[] }[] }
  }
}

async function send(t: Index, caller: Caller, entry: unknown): Promise<Answered[]> {
  const response = await t.call(caller, 'POST', '', bundleOf(entry))
  expect(response.status).toBe(200)
  const bundle = (await response.json()) as { type: string; entry: Answered[] }
  expect(bundle.type).toBe('batch-response')
  return bundle.entry
}

const statusesOf = (answered: Answered[]) => answered.map(({ response }) => response.status)

/** Each of another day, so that they are decided together. */
const day = (n: number) => ({ birthDate: `1961-03-${String(n + 1).padStart(2, '0')}` })

describe('a batch', () => {
  test('of new, changed and repeated registrations: each as if it had come alone', async () => {
    await using t = await testIndex()
    await t.put(SAGAMINO, 'S-1', day(1))
    await t.put(MINATO, 'M-2', day(2))
    await t.put(MINATO, 'M-3', day(3))
    const answered = await send(t, MINATO, [
      feedOf(MINATO, 'M-1', day(1)),
      feedOf(MINATO, 'M-2', { ...day(2), phone: null }),
      feedOf(MINATO, 'M-3', day(3)),
    ])
    expect(answered.map(({ response }) => [response.status, response.etag])).toEqual([
      ['201', 'W/"1"'],
      ['200', 'W/"2"'],
      ['200', 'W/"1"'],
    ])
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1'], ['minato M-2'], ['minato M-3']])
    expect((await t.audited('registration.feed')).slice(3)).toMatchObject([
      { patient: 'M-1', outcome: 'created', version: 1 },
      { patient: 'M-2', outcome: 'updated', version: 2 },
      { patient: 'M-3', outcome: 'unchanged', version: 1 },
    ])
  })

  test('keeps each text to the letter', async () => {
    await using t = await testIndex()
    const text = JSON.stringify(feedOf(MINATO, 'M-1').resource).replace('{', '{ ')
    const request = JSON.stringify(feedOf(MINATO, 'M-1').request)
    const body = `{"resourceType":"Bundle","type":"batch","entry":[{"resource":${text},"request":${request}}]}`
    expect((await t.call(MINATO, 'POST', '', body)).status).toBe(200)
    const [row] = await t.context.db.select().from(registration)
    expect(row?.source).toBe(text)
  })

  test('in which a bad entry refuses only itself', async () => {
    await using t = await testIndex()
    const foreign = { system: SAGAMINO.patientSystem, value: 'S-9' }
    const own = { system: MINATO.patientSystem, value: 'M-5' }
    const answered = await send(t, MINATO, [
      feedOf(MINATO, 'M-1', day(1)),
      feedOf(MINATO, 'M-2', { ...day(2), birthDate: '1961-02-30' }),
      feedOf(SAGAMINO, 'S-1', day(3)),
      { ...feedOf(MINATO, 'M-4', day(4)), request: feedOf(MINATO, 'M-3').request },
      feedOf(MINATO, 'M-5', day(5), { identifier: [own, foreign] }),
      { ...feedOf(MINATO, 'M-6'), request: { method: 'DELETE', url: 'Patient/M-6' } },
      { request: feedOf(MINATO, 'M-7').request },
      null,
      feedOf(MINATO, 'M-8', day(8)),
    ])
    expect(statusesOf(answered)).toEqual(['201', '422', '403', '422', '403', '422', '422', '422', '201'])
    expect(answered[5]?.response.outcome?.issue[0]?.expression).toEqual(['Bundle.entry[5]'])
    expect(await t.persons()).toEqual([['minato M-1'], ['minato M-8']])
  })

  test('that holds a message from before its registration was removed: it brings nobody back', async () => {
    await using t = await testIndex()
    const meta = { lastUpdated: '2026-01-05T00:00:00Z' }
    await t.put(MINATO, 'M-1', day(1), { meta })
    await t.remove(MINATO, 'M-1')
    const answered = await send(t, MINATO, [
      feedOf(MINATO, 'M-1', day(1), { meta }),
      feedOf(MINATO, 'M-2', day(2), { meta }),
    ])
    expect(statusesOf(answered)).toEqual(['409', '201'])
    expect(await t.persons()).toEqual([['minato M-2']])
  })

  test('takes what cannot be decided together one after another: one id twice, one day, a merge', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-7')
    const replaced = { other: { identifier: { system: MINATO.patientSystem, value: 'M-1' } } }
    const link = [{ type: 'replaced-by', ...replaced }]
    const answered = await send(t, MINATO, [
      feedOf(MINATO, 'M-1'),
      feedOf(MINATO, 'M-1', { phone: null }),
      feedOf(MINATO, 'M-2'),
      feedOf(MINATO, 'M-7', {}, { active: false, link }),
      feedOf(MINATO, 'M-3', { birthDate: null }),
    ])
    expect(statusesOf(answered)).toEqual(['201', '200', '201', '200', '201'])
    expect(await t.persons()).toEqual([['minato M-1', 'minato M-2'], ['minato M-3']])
  })

  test('of look-ups too, answered by what was known before it, each on record', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(MINATO, 'M-2')
    const answered = await send(t, MINATO, [
      lookUpOf(MINATO, 'M-1'),
      feedOf(MINATO, 'M-3'),
      lookUpOf(MINATO, 'M-3'),
      lookUpOf(SAGAMINO, 'S-1'),
      lookUpOf(MINATO, 'M-1'),
    ])
    expect(statusesOf(answered)).toEqual(['200', '201', '404', '403', '200'])
    expect(answered[0]?.resource?.parameter?.map((each) => each.valueIdentifier.value)).toEqual(['M-2'])
    expect(answered[4]?.resource).toEqual(answered[0]?.resource)
    expect(await t.audited('index.query')).toEqual(
      ['M-1', 'M-3', null, 'M-1'].map((patient) => ({ region: 'minato', patient })),
    )
  })

  test('that changes more than a region may in a day is stopped where it does', async () => {
    await using t = await testIndex()
    for (let n = 0; n < 3; n += 1) await t.put(MINATO, `M-${n}`, day(n))
    await t.context.db.transaction((tx) => guardFeed(tx, 'minato', 199, t.context.now()))
    const changed = [0, 1, 2].map((n) => feedOf(MINATO, `M-${n}`, { ...day(n), phone: null }))
    const answered = await send(t, MINATO, [...changed, feedOf(MINATO, 'M-9', day(9))])
    expect(statusesOf(answered)).toEqual(['200', '409', '409', '201'])
    expect(await t.audited('feed.halted')).toEqual([{ region: 'minato' }])
  })

  test.each([
    ['no JSON', '{', 400],
    ['another type', JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry: [] }), 422],
    ['no list', JSON.stringify({ resourceType: 'Bundle', type: 'batch' }), 422],
    ['too many', bundleOf(Array.from({ length: 201 }, () => lookUpOf(MINATO, 'M-1'))), 413],
  ])('is refused whole: %s', async (_, body, status) => {
    await using t = await testIndex()
    expect((await t.call(MINATO, 'POST', '', body)).status).toBe(status)
    expect(await t.audited('index.query')).toEqual([])
  })
})

test('in one transaction go those of different days about whom nobody has to decide', async () => {
  await using t = await testIndex()
  const [own, lookAlike] = ['裕子', '優子'].map((given) => ({ ...day(3), given, givenKana: 'ユウコ' }))
  await t.put(MINATO, 'M-3', own)
  await t.put(SAGAMINO, 'S-3', lookAlike)
  const feeds = [
    ['M-1', day(1)],
    ['M-2', day(2)],
    ['M-9', day(2)],
    ['M-3', { ...own, phone: null }],
  ] as const
  const at = t.context.now()
  const group = feeds.map(([localId, record]) => {
    const text = JSON.stringify(feedOf(MINATO, localId, record).resource)
    return { localId, read: readPatient(text, at, MINATO.patientSystem) }
  })
  const done = await t.context.db.transaction((tx) => feedTogether(tx, MINATO, group, at))
  expect([...done.keys()].map(({ localId }) => localId)).toEqual(['M-1', 'M-2'])
})

test('whatever is fed in batches, the links are those of the set that is left', async () => {
  await using t = await testIndex()
  const anyFeed = fc.record({
    caller: fc.constantFrom(MINATO, SAGAMINO, SHIOKAZE),
    localId: fc.constantFrom('p-1', 'p-2', 'p-3', 'p-4'),
    record: anyRecord,
    born: fc.constantFrom('1961-02-03', '1961-02-04', '1975-12-01'),
  })
  await fc.assert(
    fc
      .asyncProperty(
        fc.array(fc.array(anyFeed, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 }),
        async (batches) => {
          for (const batch of batches) {
            for (const [caller, feeds] of Map.groupBy(batch, (feed) => feed.caller)) {
              const entry = feeds.map(({ localId, record, born }) =>
                feedOf(caller, localId, { ...record, birthDate: record.birthDate === null ? null : born }),
              )
              expect(['200', '201', '409']).toEqual(
                expect.arrayContaining(statusesOf(await send(t, caller, entry))),
              )
            }
          }
          const rows = await t.context.db.select().from(registration)
          const members = rows.map((row) => ({ ref: refOf(row), features: row.features }))
          const { clusters } = clusterRegistrations(members)
          expect(await t.persons()).toEqual(clusters.map(({ refs }) => refs).sort())
        },
      )
      .afterEach(async () => {
        const callers = { minato: MINATO, sagamino: SAGAMINO, shiokaze: SHIOKAZE }
        for (const row of await t.context.db.select().from(registration))
          await t.remove(callers[row.region as keyof typeof callers], row.localId)
      }),
    { numRuns: 12 },
  )
}, 120_000)
