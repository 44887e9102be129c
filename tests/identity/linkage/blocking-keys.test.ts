import { expect, test } from 'vitest'
import { namesOf } from '../../../src/identity/linkage/compare-names.ts'
import { hashText } from '../../../src/identity/linkage/hash.ts'
import { numberKeys, releaseKeys, searchKeys } from '../../../src/identity/linkage/index.ts'
import { keyedColumnsBuilder } from '../../../src/identity/linkage/keyed-columns.ts'
import { FAMILY_KANJI } from '../../../src/identity/linkage/rows.ts'
import { featuresOf, HANAKO } from '../resident.ts'

/** 斎 is of a confusable class, whose characters have one key. */
const SAITO = { ...HANAKO, family: '斎藤' }

test('keys are the same in every version: those of a million registrations lie in the database', () => {
  const features = featuresOf(SAITO)
  expect(releaseKeys(features)).toEqual([
    8083190401533109089n,
    3643125091826640153n,
    563784985459401320n,
    6648882892515837320n,
  ])
  expect(numberKeys(features)).toEqual([8083190401533109089n])
  expect(searchKeys(features)).toEqual([
    -536187080357378231n,
    5132983026549110407n,
    -2182204776714713286n,
    8825516639601714639n,
    1299864465529971260n,
    -587919610032742439n,
    -6795449549751442527n,
    -5335022072116304615n,
    7115655360641795896n,
  ])
})

test('of many one after another each has its own, as if it were alone', () => {
  const others = [
    { ...SAITO, family: '齋藤', phone: null, insured: null },
    { ...HANAKO, address: null },
    { ...HANAKO, birthDate: null },
    SAITO,
  ].map((record) => featuresOf(record))
  const [first, ...rest] = others.map((features) => releaseKeys(features))
  expect(rest.at(-1)).toEqual(releaseKeys(featuresOf(SAITO)))
  expect(first).toHaveLength(2)
  expect(releaseKeys(others[2] as never)).toEqual([])
})

test('confusable kanji have one form, also where the room for words ends between a word and its form', () => {
  const expected = { high: 0, low: 0 }
  hashText('斉藤', expected)
  for (let before = 0; before < 64; before++) {
    const surnames = [...Array.from({ length: before }, (_, at) => `東${at}`), '斎藤']
    const otherNames = surnames.map((kanji) => ({ family: { kanji }, given: {}, kind: 'former' as const }))
    const columns = keyedColumnsBuilder()({ ...featuresOf(HANAKO), otherNames })
    const forms = namesOf(columns, 0).map(({ from, at }) => {
      const form = columns.words.confusable[from[at + FAMILY_KANJI] as number] as number
      return { high: columns.words.high[form], low: columns.words.low[form] }
    })
    expect(forms.at(-1)).toEqual(expected)
  }
})
