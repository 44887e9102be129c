import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import {
  latestCheckpoint,
  openCheckpoint,
  proveConsistency,
  proveInclusion,
  recordAudit,
  verifyExport,
  verifyGrowth,
  verifyProof,
} from '../../src/audit/index.ts'
import { rootOf } from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import { testLog } from './test-log.ts'

const ENTRY = { kind: 'query.attempt', at: NOON, detail: {} } as const

test('what was promised is included, and proven against the signed checkpoint', async () => {
  await using log = await testLog()
  const promises = await log.record(21)
  expect(await proveInclusion(log.db, promises[20]?.leaf ?? '')).toBeUndefined()
  expect(await log.seal()).toEqual({ role: 'leading', sealed: 21 })
  for (const { leaf } of promises) {
    const proof = await proveInclusion(log.db, leaf)
    expect(verifyProof(proof, leaf, log.sealer.signer)).toBe('included')
  }
})

test('the root that is signed is the one over all leaves, however they were batched', async () => {
  await using log = await testLog()
  const promises = await log.record(23)
  for (const entriesMax of [1, 2, 3, 7, 10]) await log.seal({ entriesMax })
  const note = (await latestCheckpoint(log.db))?.note ?? ''
  const leaves = promises.map(({ leaf }) => Buffer.from(leaf, 'base64url'))
  expect(openCheckpoint(note, log.sealer.signer)).toEqual({ size: 23, root: rootOf(leaves) })
})

test('every checkpoint extends every earlier one', async () => {
  await using log = await testLog()
  const notes: string[] = []
  for (const count of [0, 1, 2, 4, 1, 9]) {
    await log.record(count)
    await log.seal()
    notes.push((await latestCheckpoint(log.db))?.note ?? '')
  }
  for (const known of notes) {
    const size = openCheckpoint(known, log.sealer.signer)?.size ?? -1
    const growth = await proveConsistency(log.db, size)
    expect(verifyGrowth(growth, known, log.sealer.signer)).toBe('grown')
  }
  expect(await proveConsistency(log.db, 18)).toBeUndefined()
})

test('a log without entries has a checkpoint too, and only one', async () => {
  await using log = await testLog()
  expect(await latestCheckpoint(log.db)).toBeUndefined()
  expect(await log.seal()).toEqual({ role: 'leading', sealed: 0 })
  expect(await log.seal()).toEqual({ role: 'idle' })
  expect(await latestCheckpoint(log.db)).toMatchObject({ size: 0, unsealedSince: undefined })
})

test('the state tells since when an entry waits', async () => {
  await using log = await testLog()
  await log.seal()
  await log.record(2)
  expect(await latestCheckpoint(log.db)).toMatchObject({ size: 0, sealedAt: NOON, unsealedSince: NOON })
})

test('a transaction that began first and commits last is sealed last; it is not skipped and stops nobody', async () => {
  await using log = await testLog()
  let commit = () => {}
  const begun = Promise.withResolvers<string>()
  const slow = log.db.transaction(async (tx) => {
    begun.resolve((await recordAudit(tx, ENTRY)).leaf)
    await new Promise<void>((resolve) => {
      commit = resolve
    })
  })
  const early = await begun.promise
  const [later] = await log.record(1)
  expect(await log.seal()).toEqual({ role: 'leading', sealed: 1 })
  expect((await proveInclusion(log.db, later?.leaf ?? ''))?.index).toBe(0)
  commit()
  await slow
  expect(await log.seal()).toEqual({ role: 'leading', sealed: 1 })
  expect((await proveInclusion(log.db, early))?.index).toBe(1)
})

test('a queue that was vacuumed while it was empty, and then filled up, is sealed as quickly as any', async () => {
  await using log = await testLog()
  const fill = sql`insert into audit_unsealed select n, sha256(n::text::bytea) from generate_series(1, 20000) n`
  await log.db.execute(fill)
  await log.db.execute(sql`delete from audit_unsealed`)
  await log.db.execute(sql`vacuum (analyze, truncate off) audit_unsealed`)
  await log.db.execute(fill)
  const started = performance.now()
  for (let pass = 0; pass < 4; pass += 1) expect(await log.seal()).toEqual({ role: 'leading', sealed: 5_000 })
  expect(performance.now() - started).toBeLessThan(10_000)
})

describe('one sealer leads', () => {
  test('the others follow while its lease runs; after that, one of them takes over under a higher number', async () => {
    await using log = await testLog()
    await log.record(1)
    await log.seal({ holder: 'first' })
    await log.record(1)
    expect(await log.seal({ holder: 'second' })).toEqual({ role: 'following' })
    expect(await log.seal({ holder: 'first', leaseMs: 0 })).toEqual({ role: 'leading', sealed: 1 })
    await log.record(1)
    expect(await log.seal({ holder: 'second' })).toEqual({ role: 'leading', sealed: 1 })
    const fences = await log.db.execute(sql`select fence::int from audit_checkpoint order by size`)
    expect(fences).toMatchObject([{ fence: 1 }, { fence: 1 }, { fence: 2 }])
  })

  test('twenty at once seal every entry once', async () => {
    await using log = await testLog()
    await log.record(100)
    const holders = Array.from({ length: 20 }, (_, index) => `sealer ${index}`)
    const passes = await Promise.all(holders.map((holder) => log.seal({ holder })))
    expect(passes.filter(({ role }) => role === 'leading')).toEqual([{ role: 'leading', sealed: 100 }])
    expect(await verifyExport(await log.exported())).toMatchObject({ unbroken: true, entries: 100 })
  })

  test('one that was overtaken while it slept cannot keep what it signed', async () => {
    await using log = await testLog()
    await log.record(1)
    await log.seal({ holder: 'zombie', leaseMs: 0 })
    await log.record(1)
    await log.seal({ holder: 'second' })
    const late = log.db.execute(sql`
      insert into audit_checkpoint (size, root, note, sealed_at, fence)
      values (3, sha256('another tree'), 'signed by the zombie', now(), 1)`)
    await expect(late).rejects.toMatchObject({ cause: { code: '55000' } })
    await log.record(1)
    expect(await log.seal({ holder: 'zombie' })).toEqual({ role: 'following' })
  })

  test('a sealer stopped in the middle of a pass leaves nothing half done, and another takes over', async () => {
    await using log = await testLog()
    await log.record(5)
    const signing = Promise.withResolvers<void>()
    const stopped = log.seal({
      holder: 'zombie',
      leaseMs: 0,
      signer: {
        ...log.sealer.signer,
        sign: () => {
          signing.resolve()
          return new Promise<never>(() => {})
        },
      },
    })
    const lost = expect(stopped).rejects.toThrow()
    await signing.promise
    expect(await log.seal({ holder: 'second' })).toEqual({ role: 'following' })
    await log.db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and state = 'idle in transaction'`)
    await lost
    expect(await latestCheckpoint(log.db)).toBeUndefined()
    expect(await log.seal({ holder: 'second' })).toEqual({ role: 'leading', sealed: 5 })
    expect(await verifyExport(await log.exported())).toMatchObject({ unbroken: true, entries: 5 })
  })

  test('a log only grows, whoever asks', async () => {
    await using log = await testLog()
    await log.record(2)
    await log.seal()
    const smaller = log.db.execute(sql`
      insert into audit_checkpoint (size, root, note, sealed_at, fence)
      values (1, sha256('smaller'), 'note', now(), 1)`)
    await expect(smaller).rejects.toMatchObject({ cause: { code: '23514' } })
  })
})

describe('a sealer never signs what does not follow from what was signed', () => {
  test.each([
    ['a leaf was changed', sql`update audit_leaf set leaf_hash = sha256('x') where index = 4`],
    ['a node was changed', sql`update audit_node set hash = sha256('x') where level = 2 and index = 0`],
    ['a node is gone', sql`delete from audit_node where level = 2 and index = 0`],
    ['the last leaves are gone', sql`delete from audit_leaf where index >= 3`],
    ['the last checkpoint is gone', sql`delete from audit_checkpoint`],
  ])('when %s', async (_, change) => {
    await using log = await testLog()
    await log.record(5)
    await log.seal()
    await log.tamper(change)
    await log.record(1)
    await expect(log.seal()).rejects.toThrow('Invariant broken')
    expect(await log.db.execute(sql`select from audit_checkpoint where size = 6`)).toHaveLength(0)
  })
})
