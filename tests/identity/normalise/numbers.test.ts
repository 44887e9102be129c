import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldEmail } from '../../../src/identity/normalise/fold-email.ts'
import { foldInsuredNumber } from '../../../src/identity/normalise/fold-insured-number.ts'
import { foldCareNumber, foldPublicPayer } from '../../../src/identity/normalise/fold-other-numbers.ts'
import { foldPhone } from '../../../src/identity/normalise/fold-phone.ts'
import { keyNationalId } from '../../../src/identity/normalise/national-id.ts'
import { NATIONAL_IDS } from '../../../src/vocabulary/index.ts'
import { myNumber } from '../sample-number.ts'

describe('insured number', () => {
  test('width, hyphens and words around it are dropped, kana and kanji kept', () => {
    expect(foldInsuredNumber('00149906:港‐台:第１２３－４５６７号:0２')).toEqual({
      insurer: '00149906',
      symbol: '港台',
      number: '1234567',
      branch: '02',
      isSound: true,
    })
  })

  test('an insurer of six digits is filled up, a longer number kept as it is', () => {
    expect(foldInsuredNumber('149906:港台:1:')?.insurer).toBe('00149906')
    expect(foldInsuredNumber('00149906:港台:123456789012345678:01')?.number).toBe('123456789012345678')
  })

  test.each([
    '00149906:1:2',
    '00149906:1:2:3',
    '0014990X:1:2:',
    '00149906:1::01',
    '123456789:1:2:',
    '',
    ':::',
    'a:b:c:d',
  ])('%j is none', (value) => expect(foldInsuredNumber(value)).toBeUndefined())

  test('a missing branch is empty, not 00', () => {
    expect(foldInsuredNumber('00149906:1:2:')?.branch).toBeUndefined()
    expect(foldInsuredNumber('00149906:1:2:00')?.branch).toBe('00')
  })

  test('an elder’s number is personal, and whatever stands as its branch means nothing', () => {
    for (const value of ['39149901::01234567:', '39149901::01234567:00', '39149901::01234567:01']) {
      expect(foldInsuredNumber(value)).toMatchObject({ isPersonal: true, branch: undefined, isSound: true })
    }
    expect(foldInsuredNumber('00149906:1:2:')?.isPersonal).toBeUndefined()
  })

  test('the check digit, by the worked example of the rule', () => {
    expect(foldInsuredNumber('33120015:1:2:')?.isSound).toBe(true)
    for (const digit of '012346789') expect(foldInsuredNumber(`3312001${digit}:1:2:`)?.isSound).toBe(false)
  })

  test.each([
    ...['00149907:1:2:01', '00000000:1:2:01', '00149906:1:0000:01', '00149906:1:99999999:01'],
    ...['00149906:1:1:01', '00149906:０００１:０１:'],
  ])('%s is no evidence of a person', (value) =>
    expect(foldInsuredNumber(value)).toMatchObject({ isSound: false }),
  )

  test('number 1 under a symbol of its own is somebody’s', () => {
    expect(foldInsuredNumber('00149906:港台:1:01')?.isSound).toBe(true)
    expect(foldInsuredNumber('00149906:1:11:01')?.isSound).toBe(true)
  })

  test('any text at all is a number or none', () => {
    const anyValue = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789::第号-ア') }),
    )
    fc.assert(
      fc.property(anyValue, (value) => {
        const folded = foldInsuredNumber(value)
        if (folded === undefined) return
        const { insurer, symbol, number, branch = '' } = folded
        if (/[:]/.test(symbol + number)) return
        expect(foldInsuredNumber([insurer, symbol, number, branch].join(':'))).toEqual(folded)
      }),
    )
  })
})

describe('care insurance and public payers', () => {
  test.each([
    ['149906:0123456789', '149906:0123456789'],
    ['１４９９０６：０１２３４５６７８９', '149906:0123456789'],
    ['149906:123456789', '149906:0123456789'],
    ['149906:H012345678', '149906:H012345678'],
  ])('%s is %s', (value, folded) => expect(foldCareNumber(value)).toBe(folded))

  test.each(['149907:0123456789', '149906:0000000000', '149906:01234567890', '149906', '', '14990612:1'])(
    '%j is no number of care insurance',
    (value) => expect(foldCareNumber(value)).toBeUndefined(),
  )

  test.each([
    ['90140013:1234566', '90140013:1234566'],
    ['90140013::1234566:', '90140013:1234566'],
    ['９０１４００１３：１２３４５６６', '90140013:1234566'],
  ])('%s is the public payer %s', (value, folded) => expect(foldPublicPayer(value)).toBe(folded))

  test.each(['90140014:1234566', '90140013:1234567', '90140013:0000000', '90140013', ''])(
    '%j is none',
    (value) => expect(foldPublicPayer(value)).toBeUndefined(),
  )
})

describe('telephone', () => {
  test.each([
    ['070-0000-0001', '07000000001'],
    ['０９０（００００）０００１', '09000000001'],
    ['+81 80-0000-0001', '08000000001'],
    ['060ー0000ー0001', '06000000001'],
  ])('%s is the mobile %s', (value, mobile) => expect(foldPhone(value)).toEqual({ mobile }))

  test.each([
    ['045-000-0001', '0450000001'],
    ['+81-45-000-0001', '0450000001'],
    ['050-0000-0001', '05000000001'],
  ])('%s is the line %s', (value, landline) => expect(foldPhone(value)).toEqual({ landline }))

  test.each([
    '090-0000-0000',
    '09012345678',
    '070-000-0001',
    '0120-000-001',
    '045-000-0000',
    '000-0000-0000',
    '1',
    '',
    '09000000001@example.jp',
  ])('%j is nobody’s', (value) => expect(foldPhone(value)).toBeUndefined())
})

test.each([
  ['Hanako@Mail.Example.JP', 'hanako@mail.example.jp'],
  ['ｈａｎａｋｏ＠mail.example.jp', 'hanako@mail.example.jp'],
  ['none@mail.example.jp', undefined],
  ['hanako@example.com', undefined],
  ['hanako', undefined],
  ['', undefined],
])('the e-mail address %j', (value, folded) => expect(foldEmail(value)).toBe(folded))

describe('national identifiers', () => {
  const secret = new Uint8Array(32).fill(7)
  const number = myNumber('12345678901')

  test('nothing is keyed but what the law is said to allow', () => {
    expect(keyNationalId('my-number', number, { secret, allowed: [] })).toBeUndefined()
    expect(keyNationalId('my-number', number, { secret, allowed: ['medical-id'] })).toBeUndefined()
  })

  test('the same number has one key however it is written, and the key does not hold it', () => {
    const key = keyNationalId('my-number', number, { secret, allowed: NATIONAL_IDS })
    expect(key).toMatch(/^my-number:[A-Za-z0-9_-]{43}$/)
    expect(key).not.toContain(number)
    const written = number.replace(/(\d{4})(?=\d)/g, '$1－')
    expect(keyNationalId('my-number', written, { secret, allowed: NATIONAL_IDS })).toBe(key)
    const other = new Uint8Array(32).fill(8)
    expect(keyNationalId('my-number', number, { secret: other, allowed: NATIONAL_IDS })).not.toBe(key)
    expect(keyNationalId('medical-id', number, { secret, allowed: NATIONAL_IDS })).not.toBe(key)
  })

  test('a check digit that does not hold keys nothing, and under a short secret nothing is ever keyed', () => {
    const wrong = `${number.slice(0, 11)}${(Number(number[11]) + 1) % 10}`
    expect(keyNationalId('my-number', wrong, { secret, allowed: NATIONAL_IDS })).toBeUndefined()
    expect(() =>
      keyNationalId('my-number', number, { secret: new Uint8Array(31), allowed: NATIONAL_IDS }),
    ).toThrow()
  })
})
