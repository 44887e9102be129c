import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listRefusals, loadFile, senderOf } from '../../../src/identity/bulk/index.ts'
import type { Database } from '../../../src/kernel/database.ts'
import { putRegion } from '../../../src/registry/index.ts'
import { generate } from '../../residents/files/generate-files.ts'
import { startChild } from '../../support/start-child.ts'
import { NOON, testContext } from '../../support/test-context.ts'
import type { LoadChildProgress, LoadChildStart } from './load-child.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-broken-'))
const REGION = 'region-1'
const FILE = join(folder, `${REGION}.ndjson`)
const BATCH_LINES = 250
beforeAll(() => {
  generate({ persons: 2_000, seed: 11, regions: 1, out: folder, format: 'ndjson', encoding: 'utf-8' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function index() {
  const t = await testContext('hub')
  const patientSystem = `https://${REGION}.example/patient-id`
  await t.db.transaction((tx) =>
    putRegion(tx, { id: REGION, name: REGION, patientSystem, stage: 'asking' }, NOON),
  )
  return t
}

/** Everything that a load leaves, but the times. */
async function kept(db: Database) {
  const all = async (text: string) => [...(await db.execute(sql.raw(text)))]
  return {
    registrations: await all(
      'select local_id, version, source, features, is_active, replaced_by from registration order by local_id',
    ),
    keys: await all('select key::text, local_id from registration_key order by key, local_id'),
    links: await all('select local_id, count(*) over (partition by person) from link order by local_id'),
  }
}

test('killed in the middle of a batch, twice, and given the same file again, it ends as if nothing had been', async () => {
  await using whole = await index()
  const sender = await senderOf(whole.db, REGION)
  const order = { file: FILE, sender, batchLines: BATCH_LINES }
  const atOnce = await loadFile(whole.context, order)
  expect(atOnce.created).toBeGreaterThan(2 * BATCH_LINES)
  expect(atOnce.refused).toBeGreaterThan(0)

  await using broken = await index()
  for (let kill = 0; kill < 2; kill += 1) {
    const child = startChild(new URL('./load-child.ts', import.meta.url))
    child.send({
      ...{ target: broken.target, file: FILE, region: REGION, batchLines: BATCH_LINES },
    } satisfies LoadChildStart)
    const [{ line }] = (await once(child, 'message')) as [LoadChildProgress]
    child.kill('SIGKILL')
    await once(child, 'close')
    expect(line).toBeLessThan(atOnce.line)
  }
  const done = await loadFile(broken.context, order)
  const { startedAt: _, ...counts } = atOnce
  expect(done).toMatchObject(counts)
  expect(await listRefusals(broken.db, done, 1_000)).toEqual(await listRefusals(whole.db, atOnce, 1_000))
  expect(await kept(broken.db)).toEqual(await kept(whole.db))
}, 120_000)
