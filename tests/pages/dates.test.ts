import { expect, test } from 'vitest'
import { ageText, dateText, momentText } from '../../src/pages/dates.ts'

test.each([
  ['2026-11-22', '2026年11月22日（令和8年）'],
  ['2019-05-01', '2019年5月1日（令和元年）'],
  ['2019-04-30', '2019年4月30日（平成31年）'],
  ['2019', '2019年（平成31年・令和元年）'],
  ['1989-01', '1989年1月（昭和64年・平成元年）'],
  ['1912-07-30', '1912年7月30日（大正元年）'],
  ['2024-02-29', '2024年2月29日（令和6年）'],
  ['2025-02-29', undefined],
  ['2026-13-01', undefined],
  ['平成30年', undefined],
])('%s reads %s', (stated, text) => {
  expect(dateText(stated)).toBe(text)
})

test('an instant is the day and the time in Japan, whatever its offset', () => {
  expect(momentText('2026-12-31T15:30:00Z')).toBe('2027年1月1日（令和9年）00:30')
  expect(momentText('2026-12-31T10:30:00-05:00')).toBe('2027年1月1日（令和9年）00:30')
  expect(momentText('2026-12-31T99:30:00Z')).toBeUndefined()
})

test('a birthday turns the age at midnight in Japan', () => {
  expect(ageText('1957-04-03', new Date('2026-04-02T14:59:59Z'))).toBe('68歳')
  expect(ageText('1957-04-03', new Date('2026-04-02T15:00:00Z'))).toBe('69歳')
  expect(ageText('2030-01-01', new Date('2026-04-02T15:00:00Z'))).toBeUndefined()
})
