import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { explainIndex } from '../../src/commands/index-explain.ts'
import { guardIndex } from '../../src/commands/index-guard.ts'
import { loadIndex } from '../../src/commands/index-load.ts'
import {
  countIndexReview,
  listIndexReview,
  settleIndexReview,
  showIndexReview,
  undoIndexReview,
} from '../../src/commands/index-review.ts'
import { addRegion } from '../../src/commands/region-add.ts'
import { feedRegistration, personOf, readPatient } from '../../src/identity/index.ts'
import { HANAKO, patientOf, type ResidentRecord } from '../identity/resident.ts'
import { type CommandPlace, commandPlace } from './command-place.ts'

const SYSTEMS = { minato: 'urn:oid:2.999.14.8.1', sagamino: 'urn:oid:2.999.14.8.2' }

let place: CommandPlace
beforeAll(async () => {
  place = await commandPlace()
  await within(() => addRegion('minato', { patientSystem: SYSTEMS.minato }))
  await within(() => addRegion('sagamino', { patientSystem: SYSTEMS.sagamino }))
  await feed('minato', 'M-1')
  await feed('minato', 'M-2', { given: '春子', givenKana: 'ハルコ', insured: '00149906:港台:1234567:03' })
  await feed('sagamino', 'S-1', { gender: 'male' })
})
afterAll(() => place[Symbol.asyncDispose]())

const within: CommandPlace['run'] = (run) => place.run(run)

async function feed(
  region: keyof typeof SYSTEMS,
  localId: string,
  record: ResidentRecord = {},
): Promise<void> {
  const caller = { region, patientSystem: SYSTEMS[region] }
  const text = JSON.stringify(
    patientOf({ ...HANAKO, ...record }, { system: SYSTEMS[region], value: localId }),
  )
  const read = readPatient(text, new Date(), caller.patientSystem)
  await place.db.transaction((tx) => feedRegistration(tx, caller, localId, read, new Date()))
}

async function areOne(): Promise<boolean> {
  return (await personOf(place.db, 'minato', 'M-1')) === (await personOf(place.db, 'sagamino', 'S-1'))
}

test('index review: listed, counted, settled by two, taken back', async () => {
  const listed = await within(() => listIndexReview({ region: 'sagamino' }))
  expect(listed.out).toMatch(/sagamino:S-1 {2}候補 1 {2}V4/)
  const shown = await within(() => showIndexReview('sagamino:S-1', {}))
  expect(shown.out).toMatch(/^sagamino:S-1 – minato:M-1 {2}/)
  expect(shown.out).toMatch(/保留 veto V4: 性別が異なる\n.*V3, V4 該当 forbids, V5.*\n.*met by: number, /)
  expect(shown.out).toMatch(/runner-up: minato:M-2, .* bits; 3 件/)
  expect(shown.out).not.toMatch(/髙橋|花子|1961|1234567/)
  const counted = await within(() => countIndexReview({}))
  expect(counted.out).toMatch(/V4 .*1日以内 1 .*性別が異なる/)
  expect((await within(() => countIndexReview({ region: 'nobody' }))).out).toContain('Nothing waits.')
  const same = { same: ['minato:M-1'], by: '山田', reason: '性別の誤記' }
  const alone = await within(() => settleIndexReview('sagamino:S-1', same))
  expect([alone.code, alone.err]).toMatchObject([5, expect.stringContaining('別の担当者')])
  const settled = await within(() =>
    settleIndexReview('sagamino:S-1', { ...same, second: '佐藤', json: true }),
  )
  const { decision } = JSON.parse(settled.out) as { decision: number }
  expect([settled.code, await areOne()]).toEqual([0, true])
  const why = await within(() => explainIndex('minato:M-1', 'sagamino:S-1', {}))
  expect(why.out).toContain('担当者の判断により、同一人物としています。')
  const undo = { region: 'sagamino', by: '山田', reason: '取り消し' }
  const undoneAlone = await within(() => undoIndexReview(String(decision), undo))
  expect([undoneAlone.code, await areOne()]).toEqual([5, true])
  const undone = await within(() => undoIndexReview(String(decision), { ...undo, second: '佐藤' }))
  expect(undone.code).toBe(0)
  expect(await areOne()).toBe(false)
  expect(
    JSON.parse((await within(() => listIndexReview({ region: 'minato', json: true }))).out),
  ).toMatchObject({
    patient: 'minato:M-1',
    reasons: ['V4'],
  })
})

test('index explain: levels, bits, rule, vetoes and a sentence, and no value', async () => {
  const doubted = await within(() => explainIndex('minato:M-1', 'sagamino:S-1', { json: true }))
  const said = JSON.parse(doubted.out)
  expect(said).toMatchObject({
    ...{ a: 'minato:M-1', b: 'sagamino:S-1', isLinked: false },
    pair: { decision: 'review', rule: 'A1', vetoes: ['V4'], fields: { sex: { level: 'different' } } },
  })
  expect(said.sentence).toContain('性別が異なる')
  expect(doubted.out).not.toMatch(/髙橋|花子|1961|1234567/)
  const twins = await within(() => explainIndex('minato:M-1', 'minato:M-2', {}))
  expect(twins.out).toMatch(/枝番が異なる/)
  expect(twins.out).toMatch(/[+-]\d+\.\d {2}名 different/)
})

test('index guard: what a region changed, and an exception with its reason', async () => {
  expect((await within(() => guardIndex('minato', {}))).out).toContain(
    '24時間の変更 0、上限 200、許可済み 0、登録 2。',
  )
  const allowed = await within(() =>
    guardIndex('minato', { allow: '5000', hours: '2', reason: '統合', json: true }),
  )
  expect(JSON.parse(allowed.out)).toEqual({
    region: 'minato',
    changes: 0,
    limit: 200,
    allowed: 5000,
    registrations: 2,
  })
})

test.each<[string, () => Promise<number>]>([
  ['a registration that is none', () => explainIndex('minato', 'sagamino:S-1', {})],
  ['no decision', () => settleIndexReview('sagamino:S-1', { by: '山田', reason: '理由' })],
  [
    'two decisions at once',
    () =>
      settleIndexReview('sagamino:S-1', { split: true, same: ['minato:M-1'], by: '山田', reason: '理由' }),
  ],
  ['no reason', () => guardIndex('minato', { allow: '1' })],
  ['a limit out of bounds', () => listIndexReview({ region: 'minato', limit: '0' })],
  ['no number', () => undoIndexReview('x', { region: 'minato', by: '山田', reason: '理由' })],
])('2 for %s', async (_, run) => {
  const ended = await within(async () => run())
  expect(ended.code).toBe(2)
  expect(ended.err).toMatch(/[ぁ-ん]/)
})

test('5 for what is not registered', async () => {
  expect((await within(() => explainIndex('minato:M-9', 'sagamino:S-1', {}))).code).toBe(5)
  expect((await within(() => guardIndex('nowhere', { allow: '1', reason: '統合' }))).code).toBe(5)
})

test('a file that was loaded whole is not read again, and that is said', async () => {
  const file = join(place.folder, 'minato.ndjson')
  writeFileSync(file, JSON.stringify(patientOf(HANAKO, { system: SYSTEMS.minato, value: 'M-9' })))
  const load = (options: object = {}) => within(() => loadIndex([file], { region: 'minato', ...options }))
  const [first, second] = [await load(), await load()]
  expect([first.code, second.code]).toEqual([0, 0])
  expect(first.out).not.toContain('Loaded already')
  expect(second.out).toMatch(/Loaded already on that day and not read again.*\n.*new 1/)
  expect(JSON.parse((await load({ json: true })).out)).toMatchObject({
    created: 1,
    loadedBefore: expect.any(String),
  })
})
