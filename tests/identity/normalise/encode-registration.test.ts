import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeRegistration } from '../../../src/identity/normalise/index.ts'
import { patientSchema } from '../../../src/identity/patient-schema.ts'
import { SYSTEMS } from '../../../src/vocabulary/index.ts'
import { anyRecord } from '../any-record.ts'
import { HANAKO, patientOf } from '../resident.ts'
import { myNumber } from '../sample-number.ts'

const encode = (changes: object) =>
  encodeRegistration(patientSchema.parse({ ...patientOf(HANAKO), ...changes }))
const mark = (valueCode: string) => [{ url: SYSTEMS.nameRepresentation, valueCode }]

test('a JP Core Patient', () => {
  expect(encode({})).toEqual({
    family: { kanji: '高橋', kana: 'タカハシ', kanaExact: 'タカハシ' },
    given: { kanji: '花子', kana: 'ハナコ', kanaExact: 'ハナコ' },
    birthDate: { day: '1961-02-03', precision: 'day', isPlaceholder: false },
    sex: 'female',
    insured: { insurer: '00149906', symbol: '港台', number: '1234567', branch: '02', isSound: true },
    address: { postalCode: '2209911', town: '港台市北岬', lot: '2-3-4' },
    mobiles: ['07000000001'],
  })
})

test('names by their use and period', () => {
  const ended = { end: '1999-03-31' }
  const features = encode({
    name: [
      { use: 'old', extension: mark('IDE'), family: '田中', given: ['花子'] },
      { use: 'official', extension: mark('IDE'), family: '髙橋', given: ['花子'] },
      { use: 'maiden', extension: mark('SYL'), family: 'スズキ' },
      { extension: mark('SYL'), family: 'タカハシ', given: ['ハナコ'] },
      { use: 'usual', period: ended, extension: mark('ABC'), family: 'Ito', given: ['Hanako'] },
      { use: 'usual', extension: mark('IDE'), family: '高梨', given: ['華子'] },
      { use: 'nickname', text: 'はなちゃん' },
      { use: 'anonymous', family: '匿名' },
    ],
  })
  expect(features.family).toMatchObject({ kanji: '高橋', kana: 'タカハシ' })
  expect(features.placeholder).toBeUndefined()
  expect(
    features.otherNames?.map(({ kind, family }) => [kind, family.kanji ?? family.kana ?? family.latin]),
  ).toEqual([
    ['former', '田中'],
    ['alias', '高梨'],
  ])
  expect(features.otherNames?.[0]?.family).toMatchObject({ kana: 'スズキ', latin: 'ITO' })
})

test('a 通称 in kanji beside a legal name in Latin letters is not mixed with it', () => {
  const features = encode({
    name: [
      { use: 'usual', extension: mark('IDE'), family: '古賀', given: ['良枝'] },
      { use: 'usual', extension: mark('SYL'), family: 'コガ', given: ['ヨシエ'] },
      { use: 'official', extension: mark('IDE'), family: 'FERREIRA', given: ['ALINE AKEMI'] },
      { use: 'official', extension: mark('SYL'), family: 'フェレイラ', given: ['アリネ アケミ'] },
      { use: 'official', extension: mark('ABC'), family: 'FERREIRA', given: ['ALINE', 'AKEMI'] },
    ],
  })
  expect(features.family).toMatchObject({ latin: 'FERREIRA', kana: 'フエレイラ' })
  expect(features.family.kanji).toBeUndefined()
  expect(features.otherNames).toMatchObject([
    { kind: 'alias', family: { kanji: '古賀', kana: 'コガ' }, given: { kanji: '良枝', kana: 'ヨシエ' } },
  ])
})

test('a lone reading marked usual is that of the official name', () => {
  const name = [
    { use: 'official', extension: mark('IDE'), family: '髙橋', given: ['花子'] },
    { use: 'usual', extension: mark('SYL'), family: 'タカハシ', given: ['ハナコ'] },
  ]
  expect(encode({ name })).toEqual(encode({}))
})

test('names that are all marked usual are the names', () => {
  const name = [
    { use: 'usual', extension: mark('IDE'), family: '髙橋', given: ['花子'] },
    { use: 'usual', extension: mark('SYL'), family: 'タカハシ', given: ['ハナコ'] },
  ]
  expect(encode({ name })).toEqual(encode({}))
})

test('numbers of the past are kept apart; two of today contradict each other', () => {
  const insured = (value: string, more: object = {}) => ({ system: SYSTEMS.insuredNumber, value, ...more })
  const [now, before] = ['00149906:港台:1234567:02', '00149914:77:7654321:01']
  const features = encode({
    identifier: [insured(now), insured(before, { use: 'old' }), insured(before, { period: { end: '2020' } })],
  })
  expect(features.insured?.number).toBe('1234567')
  expect(features.formerInsured?.map(({ number }) => number)).toEqual(['7654321', '7654321'])
  expect(encode({ identifier: [insured(now), insured(before)] }).insured).toBeUndefined()
  expect(encode({ identifier: [insured(now), insured(now)] }).insured?.number).toBe('1234567')
})

test('care insurance, public payers, lines, e-mail, former addresses, death', () => {
  expect(
    encode({
      identifier: [
        { system: SYSTEMS.careInsuredNumber, value: '149906:0123456789' },
        { system: SYSTEMS.publicPayerNumber, value: '90140013::1234566:' },
      ],
      telecom: [
        { system: 'phone', value: '045-000-0001' },
        { system: 'phone', use: 'old', value: '070-0000-0009' },
        { system: 'email', value: 'Hanako@mail.example.jp' },
      ],
      address: [
        { use: 'home', text: '港台市北岬2丁目' },
        { use: 'old', text: '汐凪市白砂5-6-7' },
        { use: 'work', text: '港台市灯台町1-1' },
      ],
      deceasedDateTime: '2026-03-31T23:00:00+09:00',
    }),
  ).toMatchObject({
    careInsured: '149906:0123456789',
    publicPayers: ['90140013:1234566'],
    mobiles: [],
    landlines: ['0450000001'],
    email: 'hanako@mail.example.jp',
    area: { town: '港台市北岬' },
    formerAddresses: [{ town: '汐凪市白砂', lot: '5-6-7' }],
    deceasedOn: '2026-03-31',
  })
})

test('national identifiers are taken in their keyed form alone', () => {
  const [a, b] = [`medical-id:${'a'.repeat(43)}`, `my-number:${'b'.repeat(43)}`]
  const identifier = [
    ...[b, b, myNumber('12345678901'), `other:${'c'.repeat(43)}`].map((value) => ({
      system: SYSTEMS.myNumber,
      value,
    })),
    { system: SYSTEMS.medicalId, value: a },
  ]
  expect(encode({ identifier }).nationalKeys).toEqual([a, b])
  expect(encode({}).nationalKeys).toBeUndefined()
})

test('the same Patient gives the same features, and they survive being kept as JSON', () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const patient = patientSchema.parse(patientOf(record))
      const features = encodeRegistration(patient)
      expect(encodeRegistration(structuredClone(patient))).toEqual(features)
      expect(JSON.parse(JSON.stringify(features))).toEqual(features)
    }),
  )
})
