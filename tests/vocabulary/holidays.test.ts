import { describe, expect, test } from 'vitest'
import { addWorkingDays, isNationalHoliday, isWorkingDay } from '../../src/vocabulary/index.ts'

/** As the Cabinet Office lists them, holidays in lieu among them. */
const HOLIDAYS: Record<string, string> = {
  2025: '01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 11-03 11-23 11-24',
  2026: '01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23',
  2027: '01-01 01-11 02-11 02-23 03-21 03-22 04-29 05-03 05-04 05-05 07-19 08-11 09-20 09-23 10-11 11-03 11-23',
}

describe('national holidays', () => {
  test.each(Object.keys(HOLIDAYS))('of %s: these and no other', (year) => {
    const days = Array.from({ length: 365 }, (_, n) =>
      new Date(Date.UTC(Number(year), 0, 1 + n)).toISOString().slice(0, 10),
    )
    const found = days.filter(isNationalHoliday).map((day) => day.slice(5))
    expect(found.join(' ')).toBe(HOLIDAYS[year])
  })
})

test.each([
  ['a Saturday', '2026-11-28', false],
  ['a Sunday', '2026-11-29', false],
  ['a Monday that is a holiday', '2026-11-23', false],
  ['the day after it', '2026-11-24', true],
  ['29 December, when public offices have closed', '2026-12-29', false],
  ['4 January', '2027-01-04', true],
])('%s: whether it is a working day', (_what, day, isWorking) => expect(isWorkingDay(day)).toBe(isWorking))

test.each([
  ['within weeks without holidays', '2026-06-01', '2026-06-08'],
  ['over Golden Week', '2026-04-30', '2026-05-12'],
  ['over the New Year', '2026-12-28', '2027-01-08'],
  ['from a Sunday', '2026-06-07', '2026-06-12'],
])('five working days %s', (_what, from, due) => expect(addWorkingDays(from, 5)).toBe(due))
