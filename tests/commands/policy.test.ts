import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkPolicyFile } from '../../src/commands/policy-check.ts'
import { showPolicy } from '../../src/commands/policy-show.ts'
import { policyOf } from '../../src/demo/feed-world.ts'
import { describePolicy, POLICY_WHEN_NONE, putRegion, recordPolicy } from '../../src/registry/index.ts'
import { DEFAULT_POLICY } from '../../src/vocabulary/index.ts'
import { policyFrom } from '../support/sample-policy.ts'
import { commandPlace } from './command-place.ts'
import { runCommand } from './run-command.ts'

const MAIN = new URL('../../src/commands/tsunagi.ts', import.meta.url).pathname

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

const textOf = (document: unknown) => (typeof document === 'string' ? document : JSON.stringify(document))

const check = (document: unknown, options: { json?: boolean } = {}) =>
  inFile(textOf(document), (file) => runCommand({}, () => checkPolicyFile(file, options)))

const show = (options: { json?: boolean } = {}) => runCommand({}, () => showPolicy(undefined, options))

test('policy check: from the command line, 0 for a policy that may be recorded and 1 for one that may not', async () => {
  const tomorrow = new Date(Date.now() + 86_400_000)
  const said = (document: unknown) =>
    inFile(textOf(document), async (file) => spawnSync(process.execPath, [MAIN, 'policy', 'check', file]))
  const good = await said(policyFrom({}, tomorrow))
  expect(good.status).toBe(0)
  expect(String(good.stdout)).toContain('This policy can be recorded.')
  expect((await said({})).status).toBe(1)
})

test('policy check: an item that is none, and one that is given to nobody, are each named', async () => {
  const { out } = await check({ ...policyFrom(), shared: ['condition', 'everything', 'address'] })
  const lines = out.split('\n').filter((line) => /shared\.\d/.test(line))
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(
      /^× shared\.1\.everything: この符号の共有項目はありません。.*No shared item has this code/,
    ),
    expect.stringMatching(/^× shared\.2\.address: 本人を探すための項目で、.*Leave it out\.$/),
  ])
})

test('policy check: 1 and every fault by its place, in both languages, with the writer’s own words', async () => {
  const [row] = DEFAULT_POLICY.viewing
  const bad = await check({
    ...policyFrom(),
    viewing: [row, { ...row, professions: ['shaman'] }, row],
    forms: { 'form-2025': { covers: 'medical' } },
    colour: 'blue',
  })
  const places = bad.out
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
  expect(bad.out).toContain('Overlaps with row viewing.0')
  const machine = await check({}, { json: true })
  expect(JSON.parse(machine.out)[0]).toMatchObject({ at: 'version', en: 'Missing.' })
})

/** The place and the sentences of each fault. */
const faultsOf = async (document: unknown) =>
  Object.fromEntries(
    (await check(document)).out
      .trim()
      .split('\n')
      .map((line) =>
        line
          .slice(2)
          .split(/: (.*)/)
          .slice(0, 2),
      ),
  )

test('policy check: each fault says what belongs there, by what it is about', async () => {
  const start = policyFrom({}, new Date(Date.now() + 86_400_000))
  const [row] = start.viewing
  expect(
    await faultsOf({
      ...start,
      decided: { body: '', on: '1 April', minutes: 'x'.repeat(201) },
      shared: [],
      viewing: [{ ...row, posts: [] }, []],
      unvisited: ['block'],
      firstVisit: { who: {} },
      atQueryConsent: 'yes',
      deceasedDays: 1.5,
      secondCheckPercent: 101,
      forms: { 'Form 1': {}, '2025-04': { covers: 'medical', cover: 'medical' } },
    }),
  ).toMatchObject({
    'decided.body': '空にはできません。 Must not be empty.',
    'decided.on': '2026-04-01 のように書いてください。 Write a day like 2026-04-01.',
    'decided.minutes': '200 字以内にしてください。 At most 200 characters.',
    shared: '一つ以上が必要です。 Needs at least one entry.',
    'viewing.0.posts': '一つ以上が必要です。 Needs at least one entry.',
    'viewing.1': '{ } で囲んだ項目のまとまりが必要です。 Must be an object in { }.',
    unvisited: '使える値は次のとおりです：block, warn。 Must be one of: block, warn.',
    'firstVisit.who': '[ ] で囲んだ並びが必要です。 Must be a list in [ ].',
    atQueryConsent: 'true か false が必要です。 Must be true or false.',
    deceasedDays: '整数が必要です。 Must be a whole number.',
    secondCheckPercent: '100 以下が必要です。 At most 100.',
    'forms.Form 1': expect.stringContaining('lower-case letters, digits and hyphens'),
    'forms.Form 1.covers': expect.stringContaining('Must be one of: own-region, medical,'),
    'forms.Form 1.body': '必要な項目がありません。 Missing.',
    'forms.Form 1.on': '必要な項目がありません。 Missing.',
    'forms.Form 1.minutes': '必要な項目がありません。 Missing.',
    'forms.2025-04.cover': 'この名前の項目はありません。 No element has this name.',
  })
})

test('policy check: what parts say against each other, by its place', async () => {
  const start = policyFrom({}, new Date(Date.now() + 86_400_000))
  const late = { ...start.decided, on: '2999-01-01', minutes: ' ' }
  expect(
    await faultsOf({
      ...start,
      decided: late,
      shared: start.shared.filter((item) => item !== 'infection'),
      viewing: start.viewing.slice(0, 1),
      forms: { 'form-2025': { covers: 'medical', ...late } },
    }),
  ).toEqual({
    [`viewing.0.items.${start.viewing[0]?.items.indexOf('infection')}`]:
      expect.stringContaining('not in shared'),
    'decided.minutes': '空白だけにはできません。 Must not be blank.',
    'forms.form-2025.minutes': '空白だけにはできません。 Must not be blank.',
    'decided.on': expect.stringContaining('after the time at which'),
    'forms.form-2025.on': expect.stringContaining('after the time at which'),
  })
  const far = await faultsOf({ ...start, effectiveFrom: '2999-04-01T00:00:00+09:00' })
  expect(far).toEqual({ effectiveFrom: expect.stringContaining('more than three years from now') })
})

test('policy show --json is a start for one’s own: with a time that is not past it passes', async () => {
  const { out } = await show({ json: true })
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const mine = out.replace(/("effectiveFrom": )".*"/, `$1"${tomorrow}"`)
  expect(await check(mine)).toMatchObject({ code: 0 })
})

test('policy check: 2 for a folder, by its name; 1 for an empty file', async () => {
  expect(await runCommand({}, () => checkPolicyFile(tmpdir(), {}))).toMatchObject({
    code: 2,
    err: `${tmpdir()}: ファイルではありません。 Not a file.\n`,
  })
  expect(await check(' \n')).toMatchObject({ code: 1, out: expect.stringContaining('The file is empty.') })
})

test('policy check: 1 for what is no JSON, 2 for a file that is not there', async () => {
  expect(await check('{"version":1,"version":2}')).toMatchObject({
    code: 1,
    out: expect.stringContaining('×'),
  })
  expect((await runCommand({}, () => checkPolicyFile('/nowhere/policy.json', {}))).code).toBe(2)
})

test('policy show: the default policy as tables, or as the JSON that a council sends', async () => {
  expect((await show()).out).toBe(describePolicy(DEFAULT_POLICY))
  expect(JSON.parse((await show({ json: true })).out)).toEqual(DEFAULT_POLICY)
})

const DRAFT = 'A draft; no council has decided it.'

test('policy show REGION: what its council decided, as decided; 5 for a region that is not there', async () => {
  await using place = await commandPlace()
  const within = (region: string, options = {}) => place.run(() => showPolicy(region, options))
  const now = new Date()
  const decided = policyOf('minato', now)
  const later = { ...decided, version: 2, effectiveFrom: new Date(now.getTime() + 3_600_000).toISOString() }
  await place.db.transaction(async (tx) => {
    await putRegion(tx, { id: 'minato', patientSystem: 'urn:oid:2.999.14.1.1' }, now)
    await putRegion(tx, { id: 'sagamino', patientSystem: 'urn:oid:2.999.14.1.2' }, now)
    await recordPolicy(tx, 'minato', decided, now)
    await recordPolicy(tx, 'minato', later, now)
  })
  const shown = await within('minato')
  expect(shown).toMatchObject({ code: 0, out: describePolicy(decided) })
  expect(shown.out).toContain('模擬協議会 総会')
  expect(shown.out).not.toContain(DRAFT)
  const json = JSON.parse((await within('minato', { json: true })).out)
  expect(json).toEqual(decided)
  expect(Object.keys(json)).toEqual(Object.keys(decided))
  const none = await within('sagamino')
  expect(none.out).toBe(describePolicy(POLICY_WHEN_NONE))
  expect(none.out).toContain(DRAFT)
  expect((await within('nowhere')).code).toBe(5)
})
