import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterRegistrations, releaseKeys } from '../../src/identity/linkage/index.ts'
import { refOf } from '../../src/identity/patient-id.ts'
import { linkEvent, possibleLink, registration } from '../../src/identity/tables.ts'
import { anyRecord } from './any-record.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'

const CALLERS = { minato: MINATO, sagamino: SAGAMINO, shiokaze: SHIOKAZE }

/** A handful of ids, so that registrations are changed, removed and fed again. */
const anyFeed = fc.record({
  caller: fc.constantFrom(MINATO, SAGAMINO, SHIOKAZE),
  localId: fc.constantFrom('p-1', 'p-2', 'p-3'),
  record: fc.option(anyRecord, { freq: 5 }),
})

test('whatever was fed, changed and removed in whatever order, the links are those of the set that is left', async () => {
  await using t = await testIndex()
  await fc.assert(
    fc
      .asyncProperty(fc.array(anyFeed, { minLength: 6, maxLength: 14 }), async (feeds) => {
        for (const { caller, localId, record } of feeds) {
          const done = await (record === null ? t.remove(caller, localId) : t.put(caller, localId, record))
          expect([200, 201, 204, 404, 409]).toContain(done.status)
        }
        const rows = await t.context.db.select().from(registration)
        const members = rows.map((row) => ({ ref: refOf(row), features: row.features }))
        const { clusters, possible } = clusterRegistrations(members)
        expect(await t.persons()).toEqual(clusters.map(({ refs }) => refs).sort())
        const keysOf = new Map(members.map(({ ref, features }) => [ref, releaseKeys(features)]))
        const isMet = (a: string, b: string) =>
          keysOf.get(a)?.some((key) => keysOf.get(b)?.includes(key)) === true
        const all = possible.map(({ a, b, vetoes }) => [...[a, b].sort(), ...vetoes].join(' ')).sort()
        // Whom only a key without the birth date would bring together, `index link` finds; once it has, they wait on.
        const met = possible.filter(({ a, b, pair }) => pair.rule !== undefined || isMet(a, b))
        const found = (await waiting(t)).map((pair) => pair.join(' '))
        expect(all).toEqual(expect.arrayContaining(found))
        expect(found).toEqual(
          expect.arrayContaining(met.map(({ a, b, vetoes }) => [...[a, b].sort(), ...vetoes].join(' '))),
        )
        expect(await replayed(t)).toEqual(await t.persons())
      })
      .afterEach(async () => {
        const rows = await t.context.db.select().from(registration)
        for (const { region, localId } of rows)
          await t.remove(CALLERS[region as keyof typeof CALLERS], localId)
      }),
    { numRuns: 12 },
  )
}, 120_000)

type Index = Awaited<ReturnType<typeof testIndex>>

async function waiting(t: Index): Promise<string[][]> {
  const rows = await t.context.db.select().from(possibleLink)
  return rows
    .map(({ regionA, localIdA, regionB, localIdB, vetoes }) => [
      refOf({ region: regionA, localId: localIdA }),
      refOf({ region: regionB, localId: localIdB }),
      ...vetoes,
    ])
    .sort()
}

/** The links as the events alone tell them. */
async function replayed(t: Index): Promise<string[][]> {
  const held = new Map<string, string>()
  for (const event of await t.context.db.select().from(linkEvent).orderBy(linkEvent.id)) {
    expect(held.get(refOf(event)) ?? null).toBe(event.before)
    if (event.after === null) held.delete(refOf(event))
    else held.set(refOf(event), event.after)
  }
  const groups = Map.groupBy(held.keys(), (ref) => held.get(ref))
  return [...groups.values()].map((refs) => refs.sort()).sort()
}
