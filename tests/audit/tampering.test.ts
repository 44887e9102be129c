import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import {
  type ExportVerdict,
  latestCheckpoint,
  proveConsistency,
  proveInclusion,
  signCheckpoint,
  verifyExport,
  verifyGrowth,
} from '../../src/audit/index.ts'
import { leafHash, rootOf } from '../../src/trust/index.ts'
import { type TestLog, testLog } from './test-log.ts'

/** Everything here is done as a superuser, whom no trigger stops: it is not prevented, it is found. */
describe('somebody with full rights on the database', () => {
  const anotherDetail = sql`'{"n":4,"region":"sagamino"}'`
  const forgedDigest = sql`sha256(salt || convert_to(${anotherDetail}, 'UTF8'))`

  test.each<[string, ReturnType<typeof sql>[], Partial<ExportVerdict>]>([
    [
      'changes a field of one entry',
      [sql`update audit_detail set detail = ${anotherDetail} where entry = 5`],
      { fault: 'detail-changed', at: 4 },
    ],
    [
      'changes a field and recomputes its digest',
      [
        sql`update audit_entry set digest = (select ${forgedDigest} from audit_detail where entry = 5) where number = 5`,
        sql`update audit_detail set detail = ${anotherDetail} where entry = 5`,
      ],
      { fault: 'entry-changed', at: 4 },
    ],
    [
      'back-dates an entry by a day',
      [sql`update audit_entry set recorded_at = recorded_at - interval '1 day' where number = 5`],
      { fault: 'entry-changed', at: 4 },
    ],
    [
      'exchanges the details of two entries',
      [
        sql`update audit_detail set detail = (select other.detail from audit_detail other where other.entry = 11 - audit_detail.entry) where entry in (5, 6)`,
      ],
      { fault: 'detail-changed', at: 4 },
    ],
    [
      'exchanges two entries in the tree',
      [
        sql`update audit_leaf set index = 109 - index where index in (4, 5)`,
        sql`update audit_leaf set index = index - 100 where index >= 100`,
      ],
      { fault: 'tree-differs', at: 0, until: 10 },
    ],
    [
      'deletes an entry and its detail',
      [sql`delete from audit_entry where number = 5`, sql`delete from audit_detail where entry = 5`],
      { fault: 'entry-missing', at: 4 },
    ],
    ['deletes a detail', [sql`delete from audit_detail where entry = 5`], { fault: 'detail-missing', at: 4 }],
    ['deletes a leaf', [sql`delete from audit_leaf where index = 4`], { fault: 'entry-out-of-order', at: 4 }],
    [
      'puts in an entry and moves the rest down',
      [
        sql`update audit_leaf set index = index + 100 where index >= 4`,
        sql`update audit_leaf set index = index - 99 where index >= 100`,
        sql`with forged as (insert into audit_entry (id, kind, recorded_at, digest)
                            select 'AAAAAAAAAAAAAAAAAAAAAA', kind, recorded_at, digest from audit_entry where number = 4
                            returning number),
                 detail as (insert into audit_detail select forged.number, salt, detail from forged, audit_detail where entry = 4)
            insert into audit_leaf select 4, number, sha256('\\x00' || convert_to('forged', 'UTF8')) from forged`,
      ],
      { fault: 'entry-changed', at: 4 },
    ],
    [
      'flips a bit of a stored leaf',
      [
        sql`update audit_leaf set leaf_hash = set_bit(leaf_hash, 7, 1 - get_bit(leaf_hash, 7)) where index = 4`,
      ],
      { fault: 'entry-changed', at: 4 },
    ],
    [
      'removes the last leaves, though not the checkpoint',
      [sql`delete from audit_leaf where index >= 7`],
      { fault: 'checkpoint-misplaced', at: 7 },
    ],
    [
      'writes a note of their own',
      [sql`update audit_checkpoint set note = replace(note, E'\n10\n', E'\n9\n') where size = 10`],
      { fault: 'checkpoint-not-signed', at: 10 },
    ],
  ])('%s: the exported log is broken there', async (_, changes, broken) => {
    await using log = await testLog()
    await log.record(10)
    await log.seal()
    expect(await verifyExport(await log.exported())).toMatchObject({ unbroken: true })
    for (const change of changes) await log.tamper(change)
    expect(await verifyExport(await log.exported())).toMatchObject({ unbroken: false, ...broken })
  })

  test('changes an entry before it is sealed: that too is broken', async () => {
    await using log = await testLog()
    await log.record(3)
    await log.tamper(sql`update audit_detail set detail = '{}' where entry = 2`)
    await log.seal()
    expect(await verifyExport(await log.exported())).toMatchObject({ fault: 'detail-changed', at: 1 })
  })

  test('removes an entry before it is sealed: its promise is broken', async () => {
    await using log = await testLog()
    const promises = await log.record(3)
    await log.tamper(sql`delete from audit_unsealed where entry = 2`)
    await log.tamper(sql`delete from audit_detail where entry = 2`)
    await log.tamper(sql`delete from audit_entry where number = 2`)
    await log.seal()
    expect(await proveInclusion(log.db, promises[1]?.leaf ?? '')).toBeUndefined()
    const lines = await log.exported()
    expect(await verifyExport(lines)).toMatchObject({ unbroken: true, entries: 2 })
    expect(await verifyExport(lines, { promises })).toMatchObject({
      fault: 'promise-broken',
      promises: [{ index: 0 }, { index: null }, { index: 1 }],
    })
  })

  test('cuts off the last fifty sealed entries and what was signed over them: a checkpoint kept elsewhere tells', async () => {
    await using log = await testLog()
    await log.record(10)
    await log.seal()
    await log.record(50)
    await log.seal()
    const known = await noteOf(log)
    for (const change of cutTo(10)) await log.tamper(change)
    const lines = await log.exported()
    expect(await verifyExport(lines)).toMatchObject({ unbroken: true, entries: 10 })
    expect(await verifyExport(lines, { checkpoints: [known] })).toMatchObject({
      fault: 'shorter-than-known-checkpoint',
      at: 10,
    })
    const shrunk = { from: 60, to: 10, hashes: [], checkpoint: await noteOf(log) }
    expect(verifyGrowth(shrunk, known, log.sealer.signer)).toBe('smaller')
    expect(await proveConsistency(log.db, 60)).toBeUndefined()
  })

  test('rewrites everything with the real signing key: no proof leads there from a checkpoint kept elsewhere', async () => {
    await using log = await testLog()
    await log.record(10)
    await log.seal()
    const known = await noteOf(log)
    for (const change of [...cutTo(0), sql`delete from audit_detail`, sql`delete from audit_entry`])
      await log.tamper(change)
    await log.record(12)
    await log.seal()
    const lines = await log.exported()
    expect(await verifyExport(lines, { publicKey: log.sealer.signer.publicKey })).toMatchObject({
      unbroken: true,
    })
    expect(await verifyExport(lines, { checkpoints: [known] })).toMatchObject({
      fault: 'differs-from-known-checkpoint',
      at: 0,
      until: 10,
    })
    const growth = await proveConsistency(log.db, 10)
    expect(verifyGrowth(growth, known, log.sealer.signer)).toBe('inconsistent')
  })

  test('has stolen the key and signs a tree of the same size: two notes convict it', async () => {
    await using log = await testLog()
    await log.record(10)
    await log.seal()
    const known = await noteOf(log)
    const another = { size: 10, root: rootOf([leafHash(Buffer.from('another'))]) }
    const checkpoint = await signCheckpoint(another, log.sealer.signer)
    expect(verifyGrowth({ from: 10, to: 10, hashes: [], checkpoint }, known, log.sealer.signer)).toBe(
      'inconsistent',
    )
  })
})

async function noteOf(log: TestLog): Promise<string> {
  return (await latestCheckpoint(log.db))?.note ?? ''
}

/** Removes the log's tail without a trace inside the database. */
function cutTo(size: number) {
  return [
    sql`delete from audit_entry where number in (select entry from audit_leaf where index >= ${size})`,
    sql`delete from audit_detail where entry in (select entry from audit_leaf where index >= ${size})`,
    sql`delete from audit_leaf where index >= ${size}`,
    sql`delete from audit_node where (index + 1) * (1 << level) > ${size}`,
    sql`delete from audit_checkpoint where size > ${size}`,
  ]
}
