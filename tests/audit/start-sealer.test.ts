import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { proveInclusion, startSealer } from '../../src/audit/index.ts'
import { openDatabase } from '../../src/kernel/database.ts'
import { openLog } from '../../src/kernel/events.ts'
import { generateSigningKey } from '../../src/trust/index.ts'
import { testLog } from './test-log.ts'

/** As many as a test's database has. */
const CONNECTIONS = 4
const ORIGIN = 'hub.example/audit'

test('what is recorded while it runs is in the log soon after', async () => {
  await using log = await testLog()
  const key = await generateSigningKey('Ed25519')
  await using _sealer = startSealer(log.context, { origin: ORIGIN, key, everyMs: 5 })
  for (const { leaf } of await log.record(3)) {
    await expect.poll(() => proveInclusion(log.db, leaf)).toBeDefined()
  }
})

test('queries that take every connection do not make their promises late', async () => {
  await using log = await testLog()
  const key = await generateSigningKey('Ed25519')
  const [promise] = await log.record(1)
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  const busy = Array.from({ length: CONNECTIONS }, () => log.db.transaction(() => answered))
  await using _sealer = startSealer(log.context, { origin: ORIGIN, key, everyMs: 5 })
  await using elsewhere = openDatabase(log.target, { connectionsMax: 1 })
  await expect.poll(() => proveInclusion(elsewhere, promise?.leaf ?? '')).toBeDefined()
  answer()
  await Promise.all(busy)
})

test('a fault is logged without any data, and gone when its cause is', async () => {
  await using log = await testLog()
  const key = await generateSigningKey('Ed25519')
  const lines: string[] = []
  const context = { ...log.context, log: openLog('info', { write: (line) => lines.push(line) }) }
  const [promise] = await log.record(1)
  await log.db.execute(sql`alter table audit_leaf rename to elsewhere`)
  await using _sealer = startSealer(context, { origin: ORIGIN, key, everyMs: 5 })
  await expect.poll(() => lines.length).toBeGreaterThan(2)
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    level: 'error',
    event: 'audit.sealing-failed',
    fault: { name: 'DrizzleQueryError', cause: { code: '42P01' } },
  })
  expect(lines.join('')).not.toContain('select')
  await log.db.execute(sql`alter table elsewhere rename to audit_leaf`)
  await expect.poll(() => proveInclusion(log.db, promise?.leaf ?? '')).toBeDefined()
})

test('when it ends, another may lead at once', async () => {
  await using log = await testLog()
  const key = await generateSigningKey('Ed25519')
  const [promise] = await log.record(1)
  const sealer = startSealer(log.context, { origin: ORIGIN, key, everyMs: 5 })
  await expect.poll(() => proveInclusion(log.db, promise?.leaf ?? '')).toBeDefined()
  await log.record(1)
  await sealer[Symbol.asyncDispose]()
  await log.record(1)
  expect(await log.seal({ holder: 'the next' })).toMatchObject({ role: 'leading' })
})
