import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import {
  type AuditPromise,
  exportLog,
  logSigner,
  recordAudit,
  sealEntries,
  startSealer,
  verifyExport,
} from '../../src/audit/index.ts'
import { openDatabase } from '../../src/kernel/database.ts'
import { generateSigningKey } from '../../src/trust/index.ts'
import { NOON } from '../support/test-context.ts'
import { sampleSigner } from './sample-log.ts'
import { testLog } from './test-log.ts'

const WRITERS = 16
const ENTRIES_EACH = 200

/** Every third transaction writes two entries, every seventh rolls back. */
async function write(db: ReturnType<typeof openDatabase>, writer: number): Promise<AuditPromise[]> {
  const promises: AuditPromise[] = []
  for (let n = 0; n < ENTRIES_EACH; n += 1) {
    const entry = { kind: 'registration.feed', at: NOON, detail: { writer, n } } as const
    await db
      .transaction(async (tx) => {
        const made = [await recordAudit(tx, entry)]
        if (n % 3 === 0) made.push(await recordAudit(tx, entry))
        if (n % 7 === 0) tx.rollback()
        return made
      })
      .then(
        (made) => promises.push(...made),
        () => {},
      )
  }
  return promises
}

test('sixteen writers and three sealers: every committed entry is sealed once, no other, without a gap', async () => {
  await using log = await testLog()
  await using crowd = openDatabase(log.target, { connectionsMax: WRITERS + 4 })
  let writing = true
  const sealing = ['first', 'second', 'third'].map(async (holder) => {
    while (writing) {
      await sealEntries(crowd, {
        holder,
        signer: sampleSigner(),
        now: () => NOON,
        leaseMs: 0,
        entriesMax: 50,
      })
    }
  })
  const made = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(crowd, writer)))
  writing = false
  await Promise.all(sealing)
  await log.seal({ leaseMs: 0 })
  const promises = made.flat()
  const lines = await log.exported()
  expect(await verifyExport(lines, { promises })).toMatchObject({ unbroken: true, entries: promises.length })
  const [order] = await log.db.execute<{ count: number; gaps: number }>(sql`
    select count(*)::int, (max(index) + 1 - count(*))::int as gaps from audit_leaf`)
  expect(order).toEqual({ count: promises.length, gaps: 0 })
  const fences = await log.db.execute<{ fence: number }>(
    sql`select fence::int from audit_checkpoint order by size`,
  )
  expect(fences).toEqual(fences.toSorted((a, b) => a.fence - b.fence))
}, 40_000)

test('an export made while others write is the log as it was at one checkpoint', async () => {
  await using log = await testLog()
  const key = await generateSigningKey('Ed25519')
  const signer = logSigner('hub.example/audit', key)
  await log.seal({ signer, leaseMs: 0 })
  await using _sealer = startSealer(log.context, { origin: signer.origin, key, everyMs: 1 })
  const writing = write(log.db, 0)
  for (let round = 0; round < 5; round += 1) {
    const lines: string[] = []
    await exportLog(log.db, signer, (line) => {
      lines.push(line)
    })
    expect(await verifyExport(lines, { publicKey: signer.publicKey })).toMatchObject({ unbroken: true })
  }
  await writing
})
