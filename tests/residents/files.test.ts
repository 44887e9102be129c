import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Patient } from 'fhir/r4.js'
import { expect, test } from 'vitest'
import { japaneseDate, TODAY } from './days.ts'
import { encodeCp932, isInCp932 } from './files/cp932.ts'
import { loseBeyondCp932 } from './files/csv-line.ts'
import { generate, type Order } from './files/generate-files.ts'
import { makeHousehold } from './population/make-household.ts'
import { EVER } from './population/making.ts'
import { randomFrom } from './random.ts'
import { soundScripts } from './sources/draft.ts'
import { toHalfWidth } from './sources/spoil-kana.ts'
import { writeDown } from './sources/write-down.ts'

const PERSONS = 3_000

function generated(order: Partial<Order> = {}) {
  const out = mkdtempSync(join(tmpdir(), 'residents-'))
  const summary = generate({
    persons: PERSONS,
    seed: 1,
    regions: 5,
    out,
    format: 'ndjson',
    encoding: 'utf-8',
    ...order,
  })
  return {
    summary,
    bytes: (name: string) => readFileSync(join(out, name)),
    all: () =>
      Buffer.concat(
        readdirSync(out)
          .sort()
          .map((name) => readFileSync(join(out, name))),
      ),
    [Symbol.dispose]: () => rmSync(out, { recursive: true }),
  }
}

test('the same seed writes the same bytes, another seed others', () => {
  using one = generated()
  using again = generated()
  using other = generated({ seed: 2 })
  expect(one.all().equals(again.all())).toBe(true)
  expect(one.all().equals(other.all())).toBe(false)
})

test('every line is a Patient with its id in the region’s system, and the truth has a row for each', () => {
  using files = generated()
  const truth = new Set<string>()
  for (const row of rowsOf(files.bytes('truth.csv')).slice(1)) truth.add(row.split(',').slice(0, 2).join(' '))
  let records = 0
  for (const { id, file, patientSystem, records: said } of files.summary.regions) {
    const lines = rowsOf(files.bytes(file))
    expect(lines).toHaveLength(said)
    records += said
    for (const line of lines) {
      const patient = JSON.parse(line) as Patient
      expect(patient.resourceType).toBe('Patient')
      const localId = patient.identifier?.find(({ system }) => system === patientSystem)?.value
      expect(truth.has(`${id} ${localId}`)).toBe(true)
      if (patient.birthDate !== undefined) expect(patient.birthDate).toMatch(/^\d{4}(-\d\d(-\d\d)?)?$/)
    }
  }
  expect(records).toBe(files.summary.records)
  expect(files.summary.persons).toBe(PERSONS)
})

test('names carry their script, insured numbers four parts', () => {
  using files = generated()
  const patients = rowsOf(files.bytes('region-1.ndjson')).map((line) => JSON.parse(line) as Patient)
  const scripts = new Set(
    patients.flatMap(({ name }) => name?.map(({ extension }) => extension?.[0]?.valueCode)),
  )
  expect(scripts).toEqual(new Set(['IDE', 'SYL', 'ABC']))
  for (const { value } of patients.flatMap(({ identifier }) => identifier?.slice(1) ?? [])) {
    expect(value?.split(':')).toHaveLength(4)
  }
})

test('CSV has a line a record under its header, era dates, and half-width kana in one region', () => {
  using files = generated({ format: 'csv' })
  const [header = '', ...rows] = rowsOf(files.bytes('region-4.csv'))
  expect(rows).toHaveLength(files.summary.regions[3]?.records ?? 0)
  const columns = header.split(',')
  const kana = rows.map((row) => row.split(',')[columns.indexOf('カナ氏名')] ?? '')
  expect(kana.some((name) => /[ｱ-ﾝ]/.test(name))).toBe(true)
  expect(kana.some((name) => /[ア-ン]/.test(name))).toBe(false)
  const births = rows.map((row) => row.split(',')[columns.indexOf('生年月日')] ?? '')
  expect(
    births.filter((birth) => /^(昭和|平成|令和|大正)/.test(birth)).length / births.length,
  ).toBeGreaterThan(0.95)
  for (const row of rows) expect(row.split(',')).toHaveLength(columns.length)
})

test('CP932 says the same as UTF-8, but for the characters it lacks', () => {
  using utf8 = generated({ format: 'csv' })
  using cp932 = generated({ format: 'csv', encoding: 'cp932' })
  const decoder = new TextDecoder('shift_jis', { fatal: true })
  const lossy = (text: string) =>
    [...text.replace(/[\u{e0100}-\u{e01ef}]/gu, '')]
      .map((each) => (each === '\n' || isInCp932(each) ? each : '〓'))
      .join('')
  const texts = cp932.summary.regions.map(({ file }) => decoder.decode(cp932.bytes(file)))
  expect(texts).toEqual(utf8.summary.regions.map(({ file }) => lossy(utf8.bytes(file).toString())))
})

test('a name that CP932 can’t write is unreadable, and the truth no longer calls it sound', () => {
  const [person] = makeHousehold(1, 0)
  if (person === undefined) throw new Error('a household has a member')
  const given = { kanji: '誠', kana: 'マコト' }
  person.names = [{ from: EVER, value: { family: { kanji: '𠮷田', kana: 'ヨシダ' }, given } }]
  const draft = writeDown(randomFrom(1, 1), person, TODAY, '1')
  expect(soundScripts(draft)).toEqual(['kanji', 'kana'])
  loseBeyondCp932(draft)
  expect(draft.kanji).toEqual({ family: '〓田', given: '誠' })
  expect(draft.causes).toContain('unreadable-character')
  expect(soundScripts(draft)).toEqual([])
})

test('CP932 is what the platform’s decoder reads back, IBM’s characters by their first code', () => {
  const text = '髙﨑①Ⅲ㈱～－ｱ漢字\r\nabc'
  expect(new TextDecoder('shift_jis').decode(encodeCp932(text))).toBe(text)
  expect([...encodeCp932('髙')]).toEqual([0xfb, 0xfc])
  expect([...encodeCp932('𠮷')]).toEqual([...encodeCp932('〓')])
})

test('dates in years of the eras change over on the day', () => {
  expect(japaneseDate('1989-01-07', 'letter')).toBe('S64.1.7')
  expect(japaneseDate('1989-01-08', 'words')).toBe('平成元年1月8日')
  expect(japaneseDate('1926-12-25', 'letter')).toBe('S1.12.25')
  expect(japaneseDate('1950', 'letter')).toBe('1950')
})

test('a voiced sound is two half-width characters', () => {
  expect(toHalfWidth('ヤマザキ ジュンペー')).toBe('ﾔﾏｻﾞｷ ｼﾞｭﾝﾍﾟｰ')
})

function rowsOf(bytes: Buffer): string[] {
  return bytes.toString().trimEnd().split('\n')
}
