import { type SQL, sql } from 'drizzle-orm'
import { exportLog } from '../../src/audit/export-log.ts'
import { type AuditPromise, recordAudit } from '../../src/audit/record-audit.ts'
import { type Pass, type Sealer, sealEntries } from '../../src/audit/seal-entries.ts'
import type { Context } from '../../src/kernel/context.ts'
import { NOON, testContext } from '../support/test-context.ts'
import { sampleSigner } from './sample-log.ts'

/** A log in a database of its own. */
export async function testLog() {
  const test = await testContext()
  const { context } = test
  const sealer = { holder: 'the only one', signer: sampleSigner(), now: context.now }
  return {
    ...test,
    sealer,
    record: (count: number) => record(context, count),
    seal: (options: Partial<Sealer> = {}): Promise<Pass> =>
      sealEntries(context.db, { ...sealer, ...options }),
    exported: () => exported(context),
    /** What a superuser can do: triggers do not hold for one. */
    tamper: (statement: SQL) =>
      context.db.transaction(async (tx) => {
        await tx.execute(sql`set local session_replication_role = replica`)
        await tx.execute(statement)
      }),
  }
}

export type TestLog = Awaited<ReturnType<typeof testLog>>

async function record({ db }: Context, count: number): Promise<AuditPromise[]> {
  const promises: AuditPromise[] = []
  for (let n = 0; n < count; n += 1) {
    const entry = { kind: 'query.attempt', at: NOON, detail: { n, region: 'minato' } } as const
    promises.push(await db.transaction((tx) => recordAudit(tx, entry)))
  }
  return promises
}

async function exported({ db }: Context): Promise<string[]> {
  const lines: string[] = []
  await exportLog(db, sampleSigner(), (line) => {
    lines.push(line)
  })
  return lines
}
