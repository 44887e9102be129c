import { describe, expect, test } from 'vitest'
import { foldAddress, isSameAddress } from '../../../src/identity/normalise/fold-address.ts'
import { foldBirthDate } from '../../../src/identity/normalise/fold-birth-date.ts'
import {
  foldInsuredNumber,
  isSameNumber,
  isSamePerson,
} from '../../../src/identity/normalise/fold-insured-number.ts'
import { foldMobile } from '../../../src/identity/normalise/fold-mobile.ts'

describe('insured number', () => {
  const folded = (value: string) => foldInsuredNumber(value)

  test('width, hyphens and words around it are dropped, kana and kanji kept', () => {
    expect(folded('00149906:港‐台:第１２３－４５６７号:0２')).toEqual({
      insurer: '00149906',
      symbol: '港台',
      number: '1234567',
      branch: '02',
      isSound: true,
    })
  })

  test.each(['00149906:1:2', '00149906:1:2:3', '0014990X:1:2:', '00149906:1::01', '123456789:1:2:'])(
    '%s is none',
    (value) => expect(folded(value)).toBeUndefined(),
  )

  test('a missing branch is empty, not 00', () => {
    expect(folded('00149906:1:2:')?.branch).toBeUndefined()
    expect(folded('00149906:1:2:00')?.branch).toBe('00')
  })

  test.each(['00149907:1:2:01', '00000000:1:2:01', '00149906:1:0000:01', '00149906:1:99999999:01'])(
    '%s is no evidence of a person',
    (value) => {
      const number = folded(value)
      expect(number).toMatchObject({ isSound: false })
      if (number !== undefined)
        expect([isSameNumber(number, number), isSamePerson(number, number)]).toEqual([true, false])
    },
  )
})

describe('mobile telephone', () => {
  test.each([
    ['070-0000-0001', '07000000001'],
    ['０９０（００００）０００１', '09000000001'],
    ['+81 80-0000-0001', '08000000001'],
    ['060ー0000ー0001', '06000000001'],
  ])('%s is %s', (value, folded) => expect(foldMobile(value)).toBe(folded))

  test.each(['045-000-0001', '090-0000-0000', '09012345678', '070-000-0001', '09000000001@example.jp', ''])(
    '%s is nobody’s mobile',
    (value) => expect(foldMobile(value)).toBeUndefined(),
  )
})

describe('birth date', () => {
  test.each([
    ['1961-02-03', { day: '1961-02-03', isPlaceholder: false }],
    ['1961-01-01', { day: '1961-01-01', isPlaceholder: true }],
    ['1900-05-05', { day: '1900-05-05', isPlaceholder: true }],
    ['1961-02', undefined],
    ['1961', undefined],
    [undefined, undefined],
  ])('%s', (date, folded) => expect(foldBirthDate(date)).toEqual(folded))
})

describe('address', () => {
  const same = [
    '神奈川県港台市北岬2丁目3番4号',
    '港台市北岬２－３－４',
    '神奈川県港台市北岬二丁目3番地の4',
    '〒220-9911 神奈川県港台市 北岬2-3-4-305',
    '港台市大字北岬2ー3ー4メゾン帆影305',
    '220‐9911港台市北岬2丁目　3番 4号',
    '港台市北岬2丁目 3－4 305号室',
    '港台市北岬二丁目3番4号305',
  ]
  test.each(same)('%s is one place', (text) => {
    const [a, b] = [foldAddress(text, '220-9911'), foldAddress(same[0] as string, '２２０９９１１')]
    expect(a?.lot).toBe('2-3-4')
    expect(a && b && isSameAddress(a, b)).toBe(true)
  })

  test.each([
    '港台市北岬',
    '港台市北岬2丁目',
    '港台市北岬2丁目305号室',
    '港台市北岬2',
    '港台市三田',
    '港台市百二十番地',
    '2-3-4',
    '●●町2-3-4',
    '231-0001',
    '',
  ])('%s does not reach 番地', (text) => expect(foldAddress(text, '220-9911')).toBeUndefined())

  test.each([
    ['港台市三田1234', '1234'],
    ['港台市三田12番地', '12'],
    ['港台市一番町1-2', '1-2'],
    ['港台市一番丁1-2', '1-2'],
    ['港台市3番町1-2', '1-2'],
    ['港台市三田1-2 コーポ3', '1-2'],
    ['港台市三田1-2コーポ3', '1-2'],
    ['港台市三田1-2-コーポ3', '1-2'],
    ['港台市三田1-2 3号室', '1-2'],
    ['港台市三田12番地3号室', '12'],
    ['港台市三田12番地 5-201', '12'],
    ['港台市三田12番地ノ3', '12-3'],
    ['港台市三田3番4号401', '3-4'],
    ['港台市三田123-4567', '123-4567'],
    ['港台市北1条西2丁目3-4', '2-3-4'],
  ])('%s ends in %s', (text, lot) => expect(foldAddress(text, undefined)?.lot).toBe(lot))

  test.each([
    [
      ['港台市北岬2-3-4', '220-9911'],
      ['港台市灯台町2-3-4', '220-9911'],
    ],
    [
      ['港台市北岬2-3-4', '220-9911'],
      ['港台市北岬2-3-4', '220-9912'],
    ],
    [
      ['北岬2-3-4', undefined],
      ['北岬2-3-4', undefined],
    ],
    [
      ['港台市北1条西2丁目3', undefined],
      ['港台市北2条西2丁目3', undefined],
    ],
  ] as const)('%s and %s are not shown to be one place', ([textA, codeA], [textB, codeB]) => {
    const [a, b] = [foldAddress(textA, codeA), foldAddress(textB, codeB)]
    expect(a && b && isSameAddress(a, b)).toBe(false)
  })

  test('the municipality may be missing where the postal code agrees', () => {
    const [a, b] = [foldAddress('港台市北岬2-3-4', '220-9911'), foldAddress('北岬2-3-4', '220-9911')]
    expect(a && b && isSameAddress(a, b)).toBe(true)
  })
})
