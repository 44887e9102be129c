import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldBirthDate } from '../../../src/identity/normalise/fold-birth-date.ts'

test.each([
  ['1976-02-03', '1976-02-03'],
  ['1976/2/3', '1976-02-03'],
  ['1976.02.03', '1976-02-03'],
  ['1976年2月3日', '1976-02-03'],
  ['19760203', '1976-02-03'],
  ['１９７６－０２－０３', '1976-02-03'],
  ['1976-02-03 00:00:00', '1976-02-03'],
  ['昭和51年2月3日', '1976-02-03'],
  ['昭和５１年２月３日', '1976-02-03'],
  ['S51.2.3', '1976-02-03'],
  ['s51/02/03', '1976-02-03'],
  ['S510203', '1976-02-03'],
  ['3510203', '1976-02-03'],
  ['㍼51年2月3日', '1976-02-03'],
  ['明治45年7月29日', '1912-07-29'],
  ['大正元年7月30日', '1912-07-30'],
  ['1450729', '1912-07-29'],
  ['昭和64年1月7日', '1989-01-07'],
  ['平成元年1月8日', '1989-01-08'],
  ['H31.4.30', '2019-04-30'],
  ['令和元年5月1日', '2019-05-01'],
  ['5010501', '2019-05-01'],
])('%s is %s', (text, day) =>
  expect(foldBirthDate(text)).toEqual({ day, precision: 'day', isPlaceholder: false }),
)

test.each([
  '昭和64年1月8日',
  '3640108',
  '平成元年1月7日',
  'H31.5.1',
  '令和元年4月30日',
  '大正15年12月26日',
  '昭和0年1月1日',
])('%s lies outside its era', (text) => expect(foldBirthDate(text)).toBeUndefined())

test.each([
  ...[
    '1976-02-30',
    '1976-13-01',
    '1975-02-29',
    '0000-00-00',
    '00000000',
    '9999-12-31',
    '99999999',
    '1976-00-03',
  ],
  ...['', '不詳', '51年2月3日', '6510203', '12345', '1776-07-04'],
])('%j is no birth date', (text) => expect(foldBirthDate(text)).toBeUndefined())

test.each([
  ['1961-02', '1961-02', 'month'],
  ['1961', '1961', 'year'],
  ['19610200', '1961-02', 'month'],
  ['19610000', '1961', 'year'],
  ['昭和36年2月', '1961-02', 'month'],
  ['昭和36年', '1961', 'year'],
  ['昭和64年', '1989', 'year'],
])('%s is known in part', (text, day, precision) =>
  expect(foldBirthDate(text)).toEqual({ day, precision, isPlaceholder: false }),
)

test.each(['1961-01-01', '昭和36年1月1日', '1900-05-05', '1900-01-01', '1900'])(
  '%s is what is entered for want of a day',
  (text) => expect(foldBirthDate(text)?.isPlaceholder).toBe(true),
)

test('every day of every era reads the same in all its spellings', () => {
  const eras = [
    ...[
      ['昭和', 'S', '3', 1925, '1926-12-25', '1989-01-07'] as const,
      ['平成', 'H', '4', 1988, '1989-01-08', '2019-04-30'] as const,
    ],
    ...[
      ['大正', 'T', '2', 1911, '1912-07-30', '1926-12-24'] as const,
      ['明治', 'M', '1', 1867, '1868-01-25', '1912-07-29'] as const,
    ],
  ]
  const day = fc.constantFrom(...eras).chain(([name, letter, digit, zero, from, to]) =>
    fc.date({ min: new Date(from), max: new Date(to), noInvalidDate: true }).map((date) => {
      const iso = date.toISOString().slice(0, 10)
      const [year = 0, month = 0, dayOfMonth = 0] = iso.split('-').map(Number)
      const two = (part: number) => String(part).padStart(2, '0')
      const packed = two(year - zero) + two(month) + two(dayOfMonth)
      return {
        iso,
        spellings: [
          `${name}${year - zero}年${month}月${dayOfMonth}日`,
          `${letter}${year - zero}.${month}.${dayOfMonth}`,
          `${letter}${packed}`,
          `${digit}${packed}`,
          iso.replaceAll('-', ''),
        ],
      }
    }),
  )
  fc.assert(
    fc.property(day, ({ iso, spellings }) => {
      for (const spelling of spellings) expect(foldBirthDate(spelling)?.day).toBe(iso)
    }),
  )
})

test('any text at all is read or left out; what was read reads the same again', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom(...'MTSHR明昭平0123456789年月日./-') }),
      ),
      (text) => {
        const folded = foldBirthDate(text)
        if (folded !== undefined) expect(foldBirthDate(folded.day)).toEqual(folded)
      },
    ),
    { numRuns: 2_000 },
  )
})
