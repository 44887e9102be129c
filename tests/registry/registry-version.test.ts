import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/kernel/database.ts'
import { HubError } from '../../src/kernel/hub-error.ts'
import {
  findRegion,
  putInstitution,
  putRegion,
  readRegistry,
  recordPolicy,
  setStage,
} from '../../src/registry/index.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { NOON, testContext } from '../support/test-context.ts'

const REGION = { id: 'minato', patientSystem: 'urn:oid:2.999.1', stage: 'asking' } as const

async function registered() {
  const test = await testContext('hub')
  const { db } = test.context
  await db.transaction((tx) => putRegion(tx, REGION, NOON))
  await db.transaction((tx) =>
    putInstitution(tx, { number: '1410000001', name: '診療所', kind: 'clinic', regions: ['minato'] }, NOON),
  )
  await db.transaction((tx) => recordPolicy(tx, 'minato', policyFrom(), NOON))
  return test
}

test('read again only after a change: the same register is the same object', async () => {
  await using t = await registered()
  const first = await readRegistry(t.context.db)
  expect(await readRegistry(t.context.db)).toBe(first)
  await t.context.db.transaction((tx) => setStage(tx, 'minato', 'suspended', NOON))
  const second = await readRegistry(t.context.db)
  expect(second.version).toBe(first.version + 1)
  expect(findRegion(second, 'minato')?.stage).toBe('suspended')
})

test.each([
  ['region', `update region set stage = 'suspended'`],
  ['region_key', `insert into region_key values ('${'k'.repeat(42)}A', 'minato', '{}', now(), null, null)`],
  ['agreement', `insert into agreement values ('minato', 'sagamino', '{condition}', now(), null)`],
  ['institution', `update institution set name = 'x'`],
  ['membership', `update membership set valid_until = now()`],
  ['membership emptied', `truncate membership`],
  ['policy', `delete from policy`],
])('a change of %s by whatever hand is seen by everybody at once', async (_table, statement) => {
  await using t = await registered()
  const { db } = t.context
  await db.transaction((tx) => putRegion(tx, { id: 'sagamino', patientSystem: 'urn:oid:2.999.2' }, NOON))
  const { version } = await readRegistry(db)
  await using other = openDatabase(db.target, { connectionsMax: 1 })
  await other.execute(sql.raw(statement))
  expect((await readRegistry(db)).version).toBe(version + 1)
})

test('once a transaction, and not at all where it was rolled back', async () => {
  await using t = await registered()
  const { db } = t.context
  const { version } = await readRegistry(db)
  const change = (fails: boolean) =>
    db.transaction(async (tx) => {
      for (const stage of ['suspended', 'connected', 'asking'] as const)
        await setStage(tx, 'minato', stage, NOON)
      if (fails) throw new Error('rolled back')
    })
  await expect(change(true)).rejects.toThrow('rolled back')
  expect((await readRegistry(db)).version).toBe(version)
  await change(false)
  expect((await readRegistry(db)).version).toBe(version + 1)
})

test('whoever deletes the row that counts versions hides no change', async () => {
  await using t = await registered()
  const { db } = t.context
  for (const stage of ['suspended', 'asking', 'left'] as const) {
    await db.execute(sql`delete from epoch where kind = 'registry'`)
    await db.transaction((tx) => setStage(tx, 'minato', stage, NOON))
    const known = findRegion(await readRegistry(db), 'minato')
    expect(known?.stage).toBe(stage === 'left' ? undefined : stage)
  }
})

test('changes that touch the same rows in another order do not wait for each other for ever', async () => {
  await using t = await registered()
  const { db } = t.context
  const rounds = Array.from({ length: 20 }, (_, index) => [
    db.transaction((tx) => putRegion(tx, REGION, NOON)),
    db.transaction((tx) =>
      recordPolicy(tx, 'minato', policyFrom({ version: index + 2 }), NOON).catch(isStale),
    ),
  ])
  const ended = await Promise.allSettled(rounds.flat())
  expect(ended.filter(({ status }) => status === 'rejected')).toEqual([])
})

/** The later version came first. */
function isStale(error: unknown): void {
  if (!(error instanceof HubError) || error.code !== 'version-stale') throw error
}
