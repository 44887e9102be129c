const DAY_MS = 86_400_000

const FIXED = ['01-01', '02-11', '02-23', '04-29', '05-03', '05-04', '05-05', '08-11', '11-03', '11-23']

/** Month and which Monday of it. */
const MONDAYS: readonly (readonly [month: number, nth: number])[] = [
  [1, 2],
  [7, 3],
  [9, 3],
  [10, 2],
]

/** 国民の祝日に関する法律 as in force from 2022; equinoxes by the usual approximation, which holds until 2099. */
export function isNationalHoliday(day: string): boolean {
  if (isNamed(day)) return true
  // Article 3 (2): a holiday on a Sunday moves to the next day that is none.
  for (let before = shift(day, -1); isNamed(before); before = shift(before, -1)) {
    if (weekdayOf(before) === 0) return true
  }
  // Article 3 (3): a day between two holidays is one.
  return isNamed(shift(day, -1)) && isNamed(shift(day, 1))
}

/** Weekends, national holidays, and 29 December to 3 January (行政機関の休日に関する法律). */
export function isWorkingDay(day: string): boolean {
  const weekday = weekdayOf(day)
  const monthAndDay = day.slice(5)
  const isNewYear = monthAndDay >= '12-29' || monthAndDay <= '01-03'
  return weekday !== 0 && weekday !== 6 && !isNewYear && !isNationalHoliday(day)
}

/** The day that is so many working days after `day`, which itself does not count. */
export function addWorkingDays(day: string, count: number): string {
  let last = day
  for (let left = count; left > 0; ) {
    last = shift(last, 1)
    if (isWorkingDay(last)) left -= 1
  }
  return last
}

function isNamed(day: string): boolean {
  const year = Number(day.slice(0, 4))
  const month = Number(day.slice(5, 7))
  const date = Number(day.slice(8))
  if (FIXED.includes(day.slice(5))) return true
  if (month === 3 && date === equinox(20.8431, year)) return true
  if (month === 9 && date === equinox(23.2488, year)) return true
  return MONDAYS.some(([of, nth]) => month === of && weekdayOf(day) === 1 && Math.ceil(date / 7) === nth)
}

function equinox(base: number, year: number): number {
  const years = year - 1980
  return Math.floor(base + 0.242194 * years - Math.floor(years / 4))
}

function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay()
}

function shift(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
