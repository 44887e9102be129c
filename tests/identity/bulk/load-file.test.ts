import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  exportLinks,
  exportPossible,
  type FieldMap,
  type LoadOrder,
  listRefusals,
  loadFile,
  profileFile,
  senderOf,
} from '../../../src/identity/bulk/index.ts'
import { registration, registrationKey } from '../../../src/identity/tables.ts'
import { codeOf, MINATO, SAGAMINO, testIndex } from '../index-app.ts'
import { HANAKO, patientOf, type ResidentRecord } from '../resident.ts'
import { myNumber } from '../sample-number.ts'

const folder = mkdtempSync(join(tmpdir(), 'tsunagi-load-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Index = Awaited<ReturnType<typeof testIndex>>
let files = 0

function fileOf(content: string | Uint8Array): string {
  const file = join(folder, `file-${files++}`)
  writeFileSync(file, content)
  return file
}

const lineOf = (localId: string, record: ResidentRecord = {}, changes: object = {}) =>
  JSON.stringify({
    ...patientOf({ ...HANAKO, ...record }, { system: MINATO.patientSystem, value: localId }),
    ...changes,
  })

async function load(t: Index, content: string | Uint8Array, order: Partial<LoadOrder> = {}) {
  const sender = await senderOf(t.context.db, 'minato')
  const done = await loadFile(t.context, { file: fileOf(content), sender, threads: 1, ...order })
  return { done, refused: await listRefusals(t.context.db, done, 1_000) }
}

describe('NDJSON', () => {
  test('each line stands alone: what is wrong with one is said of that one, by its number', async () => {
    await using t = await testIndex()
    const foreign = { system: SAGAMINO.patientSystem, value: 'S-1' }
    const own = { system: MINATO.patientSystem, value: 'M-6' }
    const content = Buffer.concat([
      Buffer.from(`${lineOf('M-1')}\n\n{"resourceType":"Patient"\n`),
      Buffer.from([0x7b, 0x83, 0x5c, 0x7d, 0x0a]),
      Buffer.from(`${lineOf('M-2').replace('花子', '\\ud800')}\n`),
      Buffer.from(`${lineOf('M-3').replace('花子', '花\\u0000子')}\n`),
      Buffer.from(`${lineOf('M-4', {}, { extension: [{ valueString: myNumber('12345678901') }] })}\n`),
      Buffer.from(`${lineOf('M-5').replace('"M-5"', '"M-5 "')}\n`),
      Buffer.from(`${lineOf('M-6', {}, { identifier: [own, foreign] })}\n`),
      Buffer.from(`"${'x'.repeat(300_000)}"\n`),
      Buffer.from(`${lineOf('M-7', { given: '太郎', givenKana: 'タロウ' })}`),
    ])
    const { done, refused } = await load(t, content)
    expect(refused).toEqual([
      { line: 3, code: 'body-malformed', place: undefined },
      { line: 4, code: 'body-malformed', place: undefined },
      { line: 5, code: 'body-malformed', place: undefined },
      { line: 6, code: 'body-malformed', place: undefined },
      { line: 7, code: 'my-number-refused', place: undefined },
      { line: 8, code: 'resource-invalid', place: 'Patient.identifier' },
      { line: 9, code: 'foreign-patient-domain', place: 'Patient.identifier' },
      { line: 10, code: 'body-malformed', place: undefined },
    ])
    expect(done).toMatchObject({ line: 11, created: 2, changed: 0, refused: 8 })
    expect(await t.context.db.$count(registration)).toBe(2)
    expect(await t.context.db.$count(registrationKey)).toBeGreaterThan(2)
    expect(JSON.stringify(await t.audited('registration.load'))).not.toContain('花子')
  })

  test('what separates texts on their way to the database may stand in one, written as JSON writes it, and not raw', async () => {
    await using t = await testIndex()
    const marked = (localId: string, mark: string) =>
      lineOf(localId, {}, { text: { div: 'MARK' } }).replace('MARK', mark)
    const texts = [marked('M-1', '\\u001e "\\\\,{}'.replace('"', '\\"')), marked('M-2', '\\u001E')]
    const raw = [marked('M-3', '\u001e'), `${lineOf('M-4')}\u001e`]
    const { done, refused } = await load(t, [...texts, ...raw].join('\n'))
    expect(refused.map(({ line, code }) => [line, code])).toEqual([
      [3, 'body-malformed'],
      [4, 'body-malformed'],
    ])
    expect(done).toMatchObject({ created: 2 })
    const kept = await t.context.db.select().from(registration).orderBy(registration.localId)
    expect(kept.map(({ source }) => source)).toEqual(texts)
  })

  test('nobody is linked by loading; what a feed brings meanwhile finds the loaded', async () => {
    await using t = await testIndex()
    await load(t, lineOf('M-1'))
    expect(await t.persons()).toEqual([])
    await t.put(SAGAMINO, 'S-1')
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  })

  test('broken off between two batches, it goes on after the last line committed', async () => {
    await using t = await testIndex()
    const lines = Array.from({ length: 25 }, (_, n) =>
      lineOf(`M-${n}`, { birthDate: `1961-02-${String(n + 2).padStart(2, '0')}` }),
    )
    lines[12] = '{}'
    const file = fileOf(`${lines.join('\n')}\n`)
    const sender = await senderOf(t.context.db, 'minato')
    const order = { file, sender, threads: 1, batchLines: 4 }
    const breakOff = (at: number) => (now: { line: number }) => {
      if (now.line >= at) throw new Error('power cut')
    }
    await expect(loadFile(t.context, { ...order, onProgress: breakOff(8) })).rejects.toThrow('power cut')
    expect(await t.context.db.$count(registration)).toBe(8)
    await expect(loadFile(t.context, { ...order, onProgress: breakOff(16) })).rejects.toThrow('power cut')
    const done = await loadFile(t.context, order)
    expect(done).toMatchObject({ line: 25, created: 24, changed: 0, unchanged: 0, refused: 1 })
    expect(await t.context.db.$count(registration)).toBe(24)
    expect(await loadFile(t.context, order)).toEqual(done)
    expect(await loadFile(t.context, { ...order, restart: true })).toMatchObject({
      ...{ created: 0, changed: 0, unchanged: 24, refused: 1 },
    })
  })

  test('what is known already, or stands twice, is decided about as if it were fed', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const moved = { insured: '00149906:別:7654321:01', address: '神奈川県港台市南町1丁目1番1号', phone: null }
    const somebodyElse = { given: '太郎', givenKana: 'タロウ', birthDate: '1990-12-31', gender: 'male' }
    const { done, refused } = await load(
      t,
      [
        lineOf('M-1', moved),
        lineOf('M-2'),
        lineOf('M-2', { phone: '070-0000-0009' }),
        lineOf('M-1', somebodyElse),
      ].join('\n'),
    )
    expect(done).toMatchObject({ created: 1, changed: 2, unchanged: 0, refused: 1 })
    expect(refused).toEqual([{ line: 4, code: 'registration-replaced', place: 'Patient' }])
    const [one] = await t.persons()
    expect(await t.personOf(MINATO, 'M-1')).not.toBe(await t.personOf(SAGAMINO, 'S-1'))
    expect(one).toBeDefined()
  })

  test('many whose first thousands are new, and one is not: that one is changed, whoever follows is kept', async () => {
    await using t = await testIndex()
    const born = (n: number) => new Date(Date.UTC(1950, 0, 1 + n)).toISOString().slice(0, 10)
    const of = (n: number, record: ResidentRecord = {}) =>
      lineOf(`M-${n}`, { birthDate: born(n), insured: null, phone: null, ...record })
    await load(t, of(1_450))
    const lines = Array.from({ length: 1_500 }, (_, n) => of(n))
    lines[1_450] = of(1_450, { phone: '070-0000-0009' })
    const { done, refused } = await load(t, lines.join('\n'))
    expect(refused).toEqual([])
    expect(done).toMatchObject({ line: 1_500, created: 1_499, changed: 1, unchanged: 0 })
    expect(await t.context.db.$count(registration)).toBe(1_500)
    const again = await load(t, [...lines, of(1_500)].join('\n'))
    expect(again.done).toMatchObject({ created: 1, changed: 0, unchanged: 1_500 })
  })

  test('a merge is kept of an id that is new too, and checked as if it were fed', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    const into = (system: string, value: string) => ({
      active: false,
      link: [{ type: 'replaced-by', other: { identifier: { system, value } } }],
    })
    const { done, refused } = await load(
      t,
      [
        lineOf('M-2', {}, into(MINATO.patientSystem, 'M-1')),
        lineOf('M-3', {}, into(SAGAMINO.patientSystem, 'S-1')),
      ].join('\n'),
    )
    expect(done).toMatchObject({ created: 1, changed: 0, refused: 1 })
    expect(refused).toEqual([{ line: 2, code: 'foreign-patient-domain', place: 'Patient.link' }])
    expect(await t.personOf(MINATO, 'M-2')).toBe(await t.personOf(MINATO, 'M-1'))
    expect(await codeOf(await t.put(MINATO, 'M-2'))).toBe('registration-merged')
  })
})

describe('CSV', () => {
  const MAP: FieldMap = {
    id: '患者番号',
    kanji: '漢字氏名',
    kana: { family: 'カナ姓', given: 'カナ名' },
    birthDate: '生年月日',
    sex: { column: '性別', male: ['1'], female: ['2'] },
    insured: { insurer: '保険者番号', symbol: '記号', number: '番号', branch: '枝番' },
    address: ['住所1', '住所2'],
    phone: '電話',
  }
  const HEAD = '患者番号,漢字氏名,カナ姓,カナ名,性別,生年月日,保険者番号,記号,番号,枝番,住所1,住所2,電話'
  const ROW = '1,髙橋　花子,ﾀｶﾊｼ,ﾊﾅｺ,2,S36.2.3,149906,港台,1234567,02,神奈川県港台市北岬,2-3-4,070-0000-0001'

  test('in Shift_JIS with half-width kana and Japanese years it is the same resident', async () => {
    await using t = await testIndex()
    const content = sjis(`${HEAD}\r\n${ROW}\r\n`)
    const { done } = await load(t, content, { map: MAP, encoding: 'cp932' })
    expect(done).toMatchObject({ created: 1, refused: 0 })
    await t.put(SAGAMINO, 'S-1')
    expect(await t.persons()).toEqual([['minato 1', 'sagamino S-1']])
  })

  test('a row with another number of fields, or with bytes that are no text, is left out by its line', async () => {
    await using t = await testIndex()
    const broken = Buffer.from(ROW.replace('花子', '\u0001')).map((byte) => (byte === 1 ? 0xff : byte))
    const content = Buffer.concat([
      Buffer.from(`\u{FEFF}${HEAD}\n${ROW},1\n`),
      broken,
      Buffer.from(`\n${ROW.replace(/^1,/, '3,')}\n"4","a\nb",ｱ,ｲ,2,H1.1.8,,,,,,,\n`),
    ])
    const { done, refused } = await load(t, content, { map: MAP })
    expect(refused.map(({ line, code }) => [line, code])).toEqual([
      [2, 'body-malformed'],
      [3, 'body-malformed'],
    ])
    expect(done.created).toBe(2)
  })

  test('a column of the map that is not in the file stops everything, by its name', async () => {
    await using t = await testIndex()
    await expect(load(t, `a,b\n1,2\n`, { map: { id: 'a', birthDate: 'born' } })).rejects.toMatchObject({
      code: 'map-mismatch',
      at: 'born',
    })
    expect(await t.context.db.$count(registration)).toBe(0)
  })
})

test('the links as CSV, in the order of region and id; a field with a comma or quotes is quoted', async () => {
  await using t = await testIndex()
  await t.put(SAGAMINO, 'S-1')
  await t.put(MINATO, 'M-"2"')
  await t.put(MINATO, 'M-1', { birthDate: '1970-03-04', insured: null, address: null, phone: null })
  const lines: string[] = []
  expect(await exportLinks(t.context.db, async (line) => void lines.push(line))).toBe(3)
  const [alone, both] = [await t.personOf(MINATO, 'M-1'), await t.personOf(SAGAMINO, 'S-1')]
  expect(lines).toEqual([
    'region,local_id,person',
    `minato,"M-""2""",${both}`,
    `minato,M-1,${alone}`,
    `sagamino,S-1,${both}`,
  ])
})

test('the pairs that wait as CSV, first the end in whose item of the queue a pair stands', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1', { gender: 'male' })
  const lines: string[] = []
  expect(await exportPossible(t.context.db, async (line) => void lines.push(line))).toBe(1)
  expect(lines).toEqual([
    'region_a,local_id_a,region_b,local_id_b,rule,vetoes',
    'sagamino,S-1,minato,M-1,A1,V4',
  ])
})

test('a profile counts what linking needs and keeps nothing', async () => {
  await using t = await testIndex()
  const content = [
    lineOf('M-1'),
    lineOf('M-2', { insured: '00149906:港台:1234567:', address: null, phone: null }),
    lineOf('M-3', { family: null, given: 'ベビー', insured: null, birthDate: '1961-01-01' }),
    lineOf('M-4', { gender: null, insured: null }),
    lineOf('M-5', { gender: null, insured: null, familyKana: null, givenKana: null }),
    '{}',
  ].join('\n')
  const sender = await senderOf(t.context.db, 'minato')
  const profile = await profileFile({ file: fileOf(content), sender }, t.context.now())
  expect(profile).toMatchObject({
    records: 6,
    refused: { 'resource-invalid': 1 },
    fields: { kana: 4, birthDate: 4, insuredNumber: 2, branch: 1, addressToLot: 4, placeholderName: 1 },
    linkable: { number: 1, place: 2, either: 2 },
  })
  expect(await t.context.db.$count(registration)).toBe(0)
})

/** Node decodes Shift_JIS and does not encode it: the codes of the characters that this file writes, read back. */
function sjis(text: string): Uint8Array {
  const decoder = new TextDecoder('shift_jis', { fatal: true })
  const codes = new Map<string, number[]>()
  for (let lead = 0; lead < 256; lead++) {
    for (let trail = -1; trail < 256; trail++) {
      const bytes = trail < 0 ? [lead] : [lead, trail]
      const character = decodedOrNothing(decoder, bytes)
      if (character.length === 1 && !codes.has(character)) codes.set(character, bytes)
    }
  }
  return Uint8Array.from([...text].flatMap((character) => codes.get(character) ?? []))
}

function decodedOrNothing(decoder: InstanceType<typeof TextDecoder>, bytes: number[]): string {
  try {
    return decoder.decode(Uint8Array.from(bytes))
  } catch {
    return ''
  }
}
