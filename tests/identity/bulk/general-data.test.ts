import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFieldMap } from '../../../src/commands/bulk-arguments.ts'
import {
  estimateFrom,
  explainPair,
  type FieldMap,
  linkEverybody,
  loadFile,
  mergePersons,
  senderOf,
} from '../../../src/identity/index.ts'
import { randomNumbers } from '../../../src/identity/linkage/random.ts'
import { linkageModel } from '../../../src/identity/model-tables.ts'
import { link, linkEvent } from '../../../src/identity/tables.ts'
import { NOON } from '../../support/test-context.ts'
import { MINATO, SAGAMINO, testIndex } from '../index-app.ts'

const MAP: FieldMap = {
  id: 'rec',
  latin: { family: 'last', given: 'first' },
  birthDate: { column: 'born', format: 'DD/MM/YYYY' },
  address: ['street', 'town'],
  texts: ['trade'],
}

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-general-'))

/** Two records of each of `persons`, one of them with a slip; the second half of the id says which. */
function csv(persons: number): string {
  const next = randomNumbers(7)
  const word = (length: number) =>
    Array.from({ length }, () => 'ABCDEFGHIKLMNOPRSTUVW'[next(21)] ?? '').join('')
  const two = (number: number) => String(number).padStart(2, '0')
  const lines = Array.from({ length: persons }, (_, at) => {
    const born = `${two(1 + next(28))}/${two(1 + next(12))}/${1640 + next(300)}`
    const [first, last, street, town] = [word(5), word(7), word(9), word(6)]
    const trade = ['smith', 'baker', 'clerk'][next(3)]
    return [
      `${at}-a,${first},${last},${born},${street},${town},${trade}`,
      `${at}-b,${first},${last.slice(1)},${born},${street},${town},`,
    ]
  })
  return ['rec,first,last,born,street,town,trade', ...lines.flat()].join('\n')
}

async function loaded(t: Awaited<ReturnType<typeof testIndex>>, text: string) {
  const file = join(folder, `${Math.random()}.csv`)
  writeFileSync(file, text)
  const sender = await senderOf(t.context.db, 'minato')
  const load = await loadFile(t.context, { file, sender, map: MAP, encoding: 'utf-8', threads: 1 })
  return { file, load, sender }
}

test('a file with columns of its own is linked by weights that come from it, also with itself', async () => {
  await using t = await testIndex()
  const { load } = await loaded(t, csv(150))
  expect(load).toMatchObject({ created: 300, refused: 0 })
  const { clusters } = await linkEverybody(t.context, { threads: 1 })
  expect(clusters).toBe(150)
  for (const at of [0, 77, 149]) {
    expect(await t.personOf(MINATO, `${at}-a`)).toBe(await t.personOf(MINATO, `${at}-b`))
  }
  const rows = await t.context.db.select({ rule: link.rule }).from(link)
  expect(new Set(rows.map(({ rule }) => rule))).toEqual(new Set(['S']))
  const [model] = await t.context.db.select().from(linkageModel)
  expect(model).toMatchObject({ kind: 'general', isGiven: false })
  const id = (localId: string) => ({ region: 'minato', localId })
  const { pair, columns } = await explainPair(t.context.db, id('0-a'), id('0-b'))
  expect(Object.keys(pair.fields)).toContain('text1')
  expect(columns).toEqual({ text1: 'street', text2: 'town', text3: 'trade' })
}, 60_000)

test('general data and residents are never one person, and residents keep their rules', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  await loaded(t, csv(40))
  await linkEverybody(t.context, { threads: 1 })
  expect(await t.personOf(MINATO, 'M-1')).toBe(await t.personOf(SAGAMINO, 'S-1'))
  expect(await t.personOf(MINATO, 'M-1')).not.toBe(await t.personOf(MINATO, '0-a'))
  const by = { region: 'minato', clerk: 'clerk-1' }
  const deciding = { by, second: { ...by, clerk: 'clerk-2' }, reason: '電話で確認', at: NOON }
  const pair = [
    { region: 'minato', localId: 'M-1' },
    { region: 'minato', localId: '0-a' },
  ] as const
  const merging = t.context.db.transaction((tx) => mergePersons(tx, pair, deciding))
  await expect(merging).rejects.toMatchObject({ code: 'never-one-person' })
}, 60_000)

test('a changed record is decided about at once by the weights of the last linking, and leaves when it is another', async () => {
  await using t = await testIndex()
  const text = csv(60)
  await loaded(t, text)
  await linkEverybody(t.context, { threads: 1 })
  const [one, other] = text.split('\n').filter((line) => line.startsWith('7-'))
  const [id, first, last, ...rest] = other?.split(',') ?? []
  const header = text.split('\n')[0]
  await loaded(t, [header, [id, first, `${last}X`, ...rest].join()].join('\n'))
  expect(await t.personOf(MINATO, '7-b')).toBe(await t.personOf(MINATO, '7-a'))
  const [, , , born] = one?.split(',') ?? []
  const { load } = await loaded(t, [header, `7-b,${first},ANOTHER,${born},ELSEWHERE,FARAWAY,`].join('\n'))
  expect(load.changed).toBe(1)
  expect(await t.personOf(MINATO, '7-b')).not.toBe(await t.personOf(MINATO, '7-a'))
}, 60_000)

test('a model that was given stays until another is, or none', async () => {
  await using t = await testIndex()
  const { file, sender } = await loaded(t, csv(40))
  const from = { files: [file], sender, map: MAP, encoding: 'utf-8' as const }
  const at = t.context.now()
  const estimated = await estimateFrom(t.context.db, { from, name: 'ours', randomPairs: 2_000 }, at)
  expect(estimated).toEqual(await estimateFrom(t.context.db, { name: 'ours', randomPairs: 2_000 }, at))
  await linkEverybody(t.context, { threads: 1, model: estimated.file })
  await linkEverybody(t.context, { threads: 1 })
  const ids = () => t.context.db.select({ id: linkageModel.id }).from(linkageModel)
  expect(await ids()).toEqual([{ id: estimated.id }])
  const decidedBy = async () =>
    (await t.context.db.select().from(linkEvent).orderBy(linkEvent.id)).map(
      ({ explanation }) => explanation.model,
    )
  expect(new Set(await decidedBy())).toEqual(new Set([estimated.id]))
  const before = await decidedBy()
  await linkEverybody(t.context, { threads: 1, model: 'built-in' })
  // What was decided by the former model goes on saying so.
  expect((await decidedBy()).slice(0, before.length)).toEqual(before)
  expect(await ids()).not.toEqual([{ id: estimated.id }])
}, 60_000)

test.each([
  ['{ "id": "a", "surname": "b" }', 'surname: '],
  ['{ "id": "a", "kanji": { "famly": "b" } }', 'kanji'],
  ['{ "id": "a", "birthDate": { "column": "b", "format": "DD.MM" } }', 'birthDate.format: '],
  ['{ "id": "a", "kanji": "b", "texts": ["c"] }', 'texts: '],
  ['{ "kanji": "b" }', 'id: '],
  ['{ id }', 'JSON'],
])('a field map that is wrong says where and what belongs there: %s', async (text, place) => {
  const file = join(folder, `${Math.random()}.json`)
  writeFileSync(file, text)
  await expect(readFieldMap(file)).rejects.toThrow(place)
})
