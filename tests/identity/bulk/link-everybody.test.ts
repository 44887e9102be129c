import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, eq, not, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linkEverybody, loadFile, senderOf } from '../../../src/identity/bulk/index.ts'
import { feedRegistration, issueHandle } from '../../../src/identity/index.ts'
import { readPatient } from '../../../src/identity/read-patient.ts'
import { handle, link, linkEvent, person, possibleLink } from '../../../src/identity/tables.ts'
import type { Context } from '../../../src/kernel/context.ts'
import { openDatabase } from '../../../src/kernel/database.ts'
import { HubError } from '../../../src/kernel/hub-error.ts'
import { present } from '../../../src/kernel/must.ts'
import { putRegion, readEpochs } from '../../../src/registry/index.ts'
import { generate } from '../../residents/files/generate-files.ts'
import { NOON, testContext } from '../../support/test-context.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from '../index-app.ts'
import { HANAKO, patientOf } from '../resident.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-link-'))
const REGIONS = ['region-1', 'region-2', 'region-3']
const PERSONS = 120
beforeAll(() => {
  generate({ persons: PERSONS, seed: 7, regions: 3, out: folder, format: 'ndjson', encoding: 'utf-8' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const systemOf = (region: string) => `https://${region}.example/patient-id`
const fileOf = (region: string) => join(folder, `${region}.ndjson`)

async function indexOf() {
  const t = await testContext('hub')
  await t.context.db.transaction(async (tx) => {
    for (const id of REGIONS)
      await putRegion(tx, { id, name: id, patientSystem: systemOf(id), stage: 'asking' }, NOON)
  })
  return t
}

async function loadAll(context: Context): Promise<void> {
  for (const region of REGIONS)
    await loadFile(context, { file: fileOf(region), sender: await senderOf(context.db, region), threads: 1 })
}

/** Who is held to be one person, and which pairs wait by a rule. */
async function outcomeOf({ db }: Context) {
  const rows = await db.select().from(link)
  const groups = [...Map.groupBy(rows, (row) => row.person).values()]
  const waiting = (await db.select().from(possibleLink)).filter(({ rule }) => rule !== null)
  return {
    persons: groups
      .map((each) => each.map((row) => `${row.region} ${row.localId} ${row.rule}`).sort())
      .sort(),
    waiting: waiting
      .map(({ regionA, localIdA, regionB, localIdB, rule, vetoes }) =>
        [regionA, localIdA, regionB, localIdB, rule, ...vetoes].join(' '),
      )
      .sort(),
  }
}

test('everybody at once is as one by one: the same persons, the same rules, the same pairs in doubt', async () => {
  await using fed = await indexOf()
  const lines = REGIONS.flatMap((region) =>
    readFileSync(fileOf(region), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ region, line })),
  )
  // In an order of its own: which one is fed first must not matter.
  for (const { region, line } of lines.toSorted((a, b) => (a.line.slice(-40) < b.line.slice(-40) ? -1 : 1))) {
    const patientSystem = systemOf(region)
    const read = readPatient(line, NOON, patientSystem)
    const localId = present(
      read.patient.identifier?.find(({ system }) => system === patientSystem),
      'every record has its id',
    ).value
    await fed.context.db
      .transaction((tx) => feedRegistration(tx, { region, patientSystem }, localId, read, NOON))
      .catch((error: unknown) => {
        if (!(error instanceof HubError) || error.code !== 'registration-replaced') throw error
      })
  }
  await using bulk = await indexOf()
  await loadAll(bulk.context)
  const linked = await linkEverybody(bulk.context)
  const [oneByOne, atOnce] = [await outcomeOf(fed.context), await outcomeOf(bulk.context)]
  expect(oneByOne.persons.some((group) => group.length > 2)).toBe(true)
  expect(atOnce).toEqual(oneByOne)
  expect(linked.clusters).toBe(oneByOne.persons.length)
}, 120_000)

test('done again nothing changes: ids survive, and no event says otherwise', async () => {
  await using t = await indexOf()
  await loadAll(t.context)
  const first = await linkEverybody(t.context)
  const before = await t.context.db.select().from(link)
  const events = await t.context.db.$count(linkEvent)
  expect(first.moved).toBe(before.length)
  const again = await linkEverybody(t.context)
  expect(again).toMatchObject({ moved: 0, persons: 0, clusters: first.clusters })
  expect(new Set(await t.context.db.select().from(link))).toEqual(new Set(before))
  expect(await t.context.db.$count(linkEvent)).toBe(events)
  expect(await t.context.db.$count(person)).toBe(first.clusters)
}, 60_000)

/** What the tables are found by. */
async function indexesOf({ db }: Context) {
  return db.execute<{ definition: string }>(sql`
    select pg_get_indexdef(indexrelid) as definition, indisprimary, indisunique, pg_get_constraintdef(pg_constraint.oid) as kept
      from pg_index left join pg_constraint on conindid = indexrelid and contype <> 'f'
     where indrelid in ('link'::regclass, 'link_event'::regclass, 'person'::regclass) order by definition`)
}

test('the first links leave the tables with the indexes that they had, whether or not somebody reads them then', async () => {
  await using t = await indexOf()
  await loadAll(t.context)
  const before = await indexesOf(t.context)
  expect(before.length).toBe(4)
  await using other = openDatabase(t.context.db.target, { connectionsMax: 1 })
  await other.transaction(async (reader) => {
    await reader.select().from(link)
    await linkEverybody(t.context)
  })
  expect(await indexesOf(t.context)).toEqual(before)
  const linked = await outcomeOf(t.context)
  await t.context.db.delete(link)
  await linkEverybody(t.context)
  expect(await indexesOf(t.context)).toEqual(before)
  expect((await outcomeOf(t.context)).persons).toEqual(linked.persons)
  const twice = await t.context.db.$count(linkEvent)
  expect(twice).toBe(2 * (await t.context.db.$count(link)))
}, 60_000)

test('where hardly anybody is linked, who is keeps the person and gets the right rule', async () => {
  await using t = await indexOf()
  const { db } = t.context
  await loadAll(t.context)
  const before = await indexesOf(t.context)
  await linkEverybody(t.context)
  const linked = await outcomeOf(t.context)
  const all = await db.select().from(link).orderBy(link.region, link.localId)
  const held = present(
    all.find(({ rule }) => rule === 'A2'),
    'somebody is linked by their numbers',
  )
  const isHeld = and(eq(link.region, held.region), eq(link.localId, held.localId))
  await db.delete(link).where(not(present(isHeld, 'it has an id')))
  await db.update(link).set({ rule: 'manual' }).where(present(isHeld, 'it has an id'))
  expect(all.length).toBeGreaterThan(100)
  await linkEverybody(t.context)
  expect(await indexesOf(t.context)).toEqual(before)
  expect(await outcomeOf(t.context)).toEqual(linked)
  expect(await db.select().from(link).where(isHeld)).toMatchObject([{ person: held.person, rule: 'A2' }])
  const events = await db
    .select({ rule: linkEvent.rule, before: linkEvent.before, after: linkEvent.after })
    .from(linkEvent)
    .where(and(eq(linkEvent.region, held.region), eq(linkEvent.localId, held.localId)))
    .orderBy(linkEvent.id)
  expect(events[1]).toEqual({ rule: 'A2', before: held.person, after: held.person })
}, 60_000)

test('who is known keeps the person, whose epoch is raised; a handle of who came apart ends', async () => {
  await using t = await testIndex()
  const { db } = t.context
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  const known = present(await t.personOf(MINATO, 'M-1'), 'linked')
  const epochOf = async () => (await readEpochs(db, [`person:${known}`])).get(`person:${known}`)
  const before = present(await epochOf(), 'raised by the feed')
  const source = JSON.stringify(patientOf(HANAKO, { system: SHIOKAZE.patientSystem, value: 'K-1' }))
  const file = join(folder, 'one.ndjson')
  writeFileSync(file, source)
  await loadFile(t.context, { file, sender: await senderOf(db, 'shiokaze'), threads: 1 })
  await linkEverybody(t.context)
  expect(await t.personOf(SHIOKAZE, 'K-1')).toBe(known)
  expect(await epochOf()).toBeGreaterThan(before)
  const expiresAt = new Date(NOON.getTime() + 86_400_000)
  await db.transaction((tx) =>
    issueHandle(tx, {
      named: 'with-insured-number',
      isExact: true,
      personId: known,
      region: 'minato',
      institution: '1410000001',
      at: NOON,
      expiresAt,
    }),
  )
  // As after a change of the rules: what is held is no longer what would be decided.
  await db.update(link).set({ person: known })
  await t.put(SAGAMINO, 'S-2', {
    given: '太郎',
    givenKana: 'タロウ',
    birthDate: '1970-05-06',
    gender: 'male',
  })
  await db.update(link).set({ person: known })
  await linkEverybody(t.context)
  expect(await t.personOf(SAGAMINO, 'S-2')).not.toBe(known)
  expect(await t.personOf(MINATO, 'M-1')).toBe(known)
  expect(await db.$count(handle)).toBe(0)
})

test('while it runs a feed is told to come back, and nothing is half done after a failure', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  const held = await t.context.db.select().from(link)
  const fed: Promise<Response>[] = []
  const onStep = (step: string) => {
    if (step === 'clusters') fed.push(Promise.resolve(t.put(SAGAMINO, 'S-1')))
    if (step === 'write') throw new Error('power cut')
  }
  await expect(linkEverybody(t.context, { onStep })).rejects.toThrow('power cut')
  // The feed that waited may have linked the two by now.
  const same = held.map(({ localId, person: of }) => expect.objectContaining({ localId, person: of }))
  expect(await t.context.db.select().from(link)).toEqual(expect.arrayContaining(same))
  expect((await Promise.all(fed)).map(({ status }) => status)).toEqual([201])
  expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
})
