import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { verifyExport } from '../../src/audit/index.ts'
import { verifyAuditFile } from '../../src/commands/audit-verify.ts'
import { fixtures } from '../support/fixtures.ts'

const auditCase = z.strictObject({
  case: z.string(),
  known: z.strictObject({
    publicKey: z.string().optional(),
    checkpoints: z.array(z.string()).optional(),
    promises: z.array(z.strictObject({ leaf: z.string() })).optional(),
  }),
  lines: z.array(z.string()),
  verdict: z.strictObject({
    unbroken: z.boolean(),
    fault: z.string().optional(),
    at: z.int().optional(),
    until: z.int().optional(),
    entries: z.int(),
  }),
})

const cases = fixtures('audit', auditCase)
const FOLDER = fileURLToPath(new URL('../../fixtures/audit/', import.meta.url))
const PYTHON = fileURLToPath(new URL('verify_export.py', import.meta.url))
const hasPython = spawnSync('python3', ['--version']).status === 0

describe('an exported log', () => {
  test.each(cases)('$case', async ({ known, lines, verdict }) => {
    const { publicKey, ...rest } = known
    const key = publicKey === undefined ? {} : { publicKey: Buffer.from(publicKey, 'base64url') }
    expect(await verifyExport(lines, { ...rest, ...key })).toMatchObject(verdict)
  })

  test.runIf(hasPython)('gets the same verdicts from a verifier in another language', () => {
    const files = readdirSync(FOLDER).sort()
    const run = spawnSync('python3', [PYTHON, '--cases', ...files.map((file) => join(FOLDER, file))], {
      encoding: 'utf8',
    })
    expect(run.stderr).toBe('')
    const verdicts = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    expect(verdicts).toEqual(cases.map(({ verdict }) => verdict))
  })
})

describe('audit verify', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-audit-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function run(...[name, options]: [string, { json?: boolean; publicKey?: string }?]) {
    const found = cases.find((each) => each.case === name)
    const file = join(folder, 'log.ndjson')
    writeFileSync(file, (found?.lines ?? []).map((line) => `${line}\n`).join(''))
    const [checkpoint, receipts] = [join(folder, 'checkpoint'), join(folder, 'receipts')]
    writeFileSync(checkpoint, found?.known.checkpoints?.at(-1) ?? '')
    writeFileSync(receipts, (found?.known.promises ?? []).map((each) => `${JSON.stringify(each)}\n`).join(''))
    const said: string[] = []
    const complained: string[] = []
    const code = await verifyAuditFile(
      file,
      {
        publicKey: found?.known.publicKey,
        ...(found?.known.checkpoints && { checkpoint }),
        receipts,
        ...options,
      },
      { say: (line) => said.push(line), complain: (line) => complained.push(line) },
    )
    return { code, said: said.join('\n'), complained: complained.join('\n') }
  }

  test('0 for an unbroken log, in both languages, with what the checker could not know', async () => {
    const { code, said } = await run('As it was written, checked without knowing anything')
    expect(code).toBe(0)
    expect(said).toMatch(/壊れていません（7件/)
    expect(said).toMatch(/is unbroken: 7 entries/)
    expect(said).toMatch(/--public-key/)
    expect(said).toMatch(/--checkpoint/)
  })

  test('1 for a broken one, with the place', async () => {
    const { code, said } = await run('One character of a detail was changed')
    expect(code).toBe(1)
    expect(said).toContain('監査ログは壊れています [3]')
    expect(said).toContain('The audit log is broken [3]')
  })

  test('1 for a tail that was cut, given a checkpoint; 1 for a broken promise, naming it', async () => {
    const cut = await run('The tail was cut off with the real key')
    expect(cut).toMatchObject({ code: 1, said: expect.stringContaining('its tail is gone') })
    const broken = await run('A promised leaf is not there')
    const leaf = cases.find((each) => each.case === 'A promised leaf is not there')?.known.promises?.[1]?.leaf
    expect(broken).toMatchObject({ code: 1, said: expect.stringContaining(leaf ?? 'no leaf') })
  })

  test('with --json, the verdict alone', async () => {
    const { code, said } = await run('As it was written', { json: true })
    expect(code).toBe(0)
    expect(JSON.parse(said)).toMatchObject({ unbroken: true, entries: 7, keyFrom: 'checker' })
  })

  test('2 when called wrongly: no such file, a key that is none, promises that are none', async () => {
    const output = { say: () => {}, complain: () => {} }
    expect(await verifyAuditFile(join(folder, 'nowhere'), {}, output)).toBe(2)
    expect((await run('As it was written', { publicKey: 'key' })).code).toBe(2)
    const wrong = join(folder, 'wrong')
    writeFileSync(wrong, 'not json\n')
    expect(await verifyAuditFile(wrong, { receipts: wrong }, output)).toBe(2)
    expect(await verifyAuditFile(wrong, {}, output)).toBe(1)
  })
})
