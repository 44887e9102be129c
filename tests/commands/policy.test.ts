import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { showPolicy } from '../../src/commands/policy-show.ts'
import { policyOf } from '../../src/demo/feed-world.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { openMigratedDatabase } from '../../src/open-database.ts'
import { describePolicy, POLICY_WHEN_NONE, putRegion, recordPolicy } from '../../src/registry/index.ts'
import { DEFAULT_POLICY } from '../../src/vocabulary/index.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { runCommand } from './run-command.ts'

const run = promisify(execFile)
const MAIN = new URL('../../src/commands/tsunagi.ts', import.meta.url).pathname

async function tsunagi(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, [MAIN, ...words])) }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, stdout, stderr }
  }
}

async function inFile<T>(content: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'policy-'))
  try {
    const file = join(folder, 'policy.json')
    await writeFile(file, content)
    return await use(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const check = (document: unknown, ...options: string[]) =>
  inFile(typeof document === 'string' ? document : JSON.stringify(document), (file) =>
    tsunagi('policy', 'check', file, ...options),
  )

test('policy check: 0 for a policy that may be recorded', async () => {
  const good = await check(policyFrom({}, new Date(Date.now() + 86_400_000)))
  expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('This policy can be recorded.') })
})

test('policy check: 1 and every fault by its place, in both languages, with the writer’s own words', async () => {
  const [row] = DEFAULT_POLICY.viewing
  const bad = await check({
    ...policyFrom(),
    viewing: [row, { ...row, professions: ['shaman'] }, row],
    forms: { 'form-2025': { covers: 'medical' } },
    colour: 'blue',
  })
  const places = bad.stdout
    .trim()
    .split('\n')
    .map((line) => line.slice(2).split(': ')[0])
  expect(bad.code).toBe(1)
  expect(places).toEqual([
    'viewing.1.professions.0',
    ...['body', 'on', 'minutes'].map((each) => `forms.form-2025.${each}`),
    'colour',
    'viewing.2',
    'effectiveFrom',
  ])
  expect(bad.stdout).toContain('Overlaps with row viewing.0')
  const machine = await check({}, '--json')
  expect(JSON.parse(machine.stdout)[0]).toMatchObject({ at: 'version', en: 'Missing.' })
})

test('policy check: 1 for what is no JSON, 2 for a file that is not there', async () => {
  expect(await check('{"version":1,"version":2}')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('×'),
  })
  expect((await tsunagi('policy', 'check', '/nowhere/policy.json')).code).toBe(2)
})

test('policy show: the default policy as tables, or as the JSON that a council sends', async () => {
  expect((await tsunagi('policy', 'show')).stdout).toBe(describePolicy(DEFAULT_POLICY))
  expect(JSON.parse((await tsunagi('policy', 'show', '--json')).stdout)).toEqual(DEFAULT_POLICY)
})

const DRAFT = 'A draft; no council has decided it.'

test('policy show REGION: what its council decided, as decided; 5 for a region that is not there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tsunagi-policy-'))
  const within = (region: string, options = {}) =>
    runCommand({ TSUNAGI_DATA: folder }, () => showPolicy(region, options))
  try {
    await using _postgres = await openEmbeddedPostgres(join(folder, 'postgres'))
    const now = new Date()
    const decided = policyOf('minato', now)
    const later = { ...decided, version: 2, effectiveFrom: new Date(now.getTime() + 3_600_000).toISOString() }
    {
      await using hub = await openMigratedDatabase({ TSUNAGI_DATA: folder }, 'tsunagi_hub', ['shared', 'hub'])
      await hub.db.transaction(async (tx) => {
        await putRegion(tx, { id: 'minato', patientSystem: 'urn:oid:2.999.14.1.1' }, now)
        await putRegion(tx, { id: 'sagamino', patientSystem: 'urn:oid:2.999.14.1.2' }, now)
        await recordPolicy(tx, 'minato', decided, now)
        await recordPolicy(tx, 'minato', later, now)
      })
    }
    const shown = await within('minato')
    expect(shown).toMatchObject({ code: 0, out: describePolicy(decided) })
    expect(shown.out).toContain('模擬協議会 総会')
    expect(shown.out).not.toContain(DRAFT)
    expect(JSON.parse((await within('minato', { json: true })).out)).toEqual(decided)
    const none = await within('sagamino')
    expect(none.out).toBe(describePolicy(POLICY_WHEN_NONE))
    expect(none.out).toContain(DRAFT)
    expect((await within('nowhere')).code).toBe(5)
  } finally {
    await rm(folder, { recursive: true })
  }
}, 60_000)
