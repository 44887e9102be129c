import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { recordAudit } from '../../src/audit/index.ts'
import { NOON } from '../support/test-context.ts'
import { testLog } from './test-log.ts'

const ENTRY = { kind: 'consent.recorded', at: NOON, detail: { region: 'minato', consent: 'C-1' } } as const

test('an entry is promised within a minute, under a hash that tells nothing', async () => {
  await using log = await testLog()
  const promise = await log.db.transaction((tx) => recordAudit(tx, ENTRY))
  expect(promise).toEqual({
    leaf: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    by: '2026-06-01T03:01:00.000Z',
  })
  expect(await log.db.transaction((tx) => recordAudit(tx, ENTRY))).not.toEqual(promise)
})

test('an entry is as lasting as the change it records: rolled back, neither is there', async () => {
  await using log = await testLog()
  const failed = log.db.transaction(async (tx) => {
    await recordAudit(tx, ENTRY)
    throw new Error('the change failed')
  })
  await expect(failed).rejects.toThrow('the change failed')
  await log.seal()
  const [counts] = await log.db.execute(sql`
    select (select count(*)::int from audit_entry) as entries, (select count(*)::int from audit_detail) as details,
           (select count(*)::int from audit_unsealed) as unsealed, (select count(*)::int from audit_leaf) as leaves`)
  expect(counts).toEqual({ entries: 0, details: 0, unsealed: 0, leaves: 0 })
})

test('an entry that cannot be written takes the change with it', async () => {
  await using log = await testLog()
  await log.db.execute(sql`create table change (what text)`)
  await log.db.execute(sql`alter table audit_unsealed rename to elsewhere`)
  const failed = log.db.transaction(async (tx) => {
    await tx.execute(sql`insert into change values ('done')`)
    await recordAudit(tx, ENTRY)
  })
  await expect(failed).rejects.toThrow()
  expect(await log.db.execute(sql`select * from change`)).toHaveLength(0)
})

test('what a partner sent can be searched as jsonb, whatever it was', async () => {
  await using log = await testLog()
  const detail = { kid: '\0\uD800"\\\n', nested: [{ 名前: '港' }], count: 1e300 }
  await log.db.transaction((tx) => recordAudit(tx, { kind: 'request.refused', at: NOON, detail }))
  const rows = await log.db.execute(sql`select detail::jsonb ->> 'kid' as kid from audit_detail`)
  expect(rows).toMatchObject([{ kid: '\uFFFD\uFFFD"\\\n' }])
})

describe('the log is append-only', () => {
  test('every table of it refuses update, delete and truncate', async () => {
    await using log = await testLog()
    await log.record(8)
    await log.seal()
    const refused = { cause: { code: '42501' } }
    for (const [table, column] of [
      ['audit_entry', 'kind'],
      ['audit_detail', 'detail'],
      ['audit_leaf', 'entry'],
      ['audit_node', 'hash'],
      ['audit_checkpoint', 'note'],
    ] as const) {
      const [name, set] = [sql.identifier(table), sql.identifier(column)]
      await expect(log.db.execute(sql`update ${name} set ${set} = ${set}`)).rejects.toMatchObject(refused)
      await expect(log.db.execute(sql`delete from ${name}`)).rejects.toMatchObject(refused)
      await expect(log.db.execute(sql`truncate ${name}`)).rejects.toMatchObject(refused)
    }
  })

  test('and refuses what is not an entry', async () => {
    await using log = await testLog()
    const insert = (id: string, kind: string, digest: string) =>
      log.db.execute(sql`
      insert into audit_entry (id, kind, recorded_at, digest) values (${id}, ${kind}, now(), decode(${digest}, 'hex'))`)
    const refused = { cause: { code: '23514' } }
    await expect(insert('short', 'query.attempt', '00'.repeat(32))).rejects.toMatchObject(refused)
    await expect(
      insert('A'.repeat(22), 'query.attempt\nquery.denial', '00'.repeat(32)),
    ).rejects.toMatchObject(refused)
    await expect(insert('A'.repeat(22), 'query.attempt', '00')).rejects.toMatchObject(refused)
  })
})
