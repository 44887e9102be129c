import { tokyoDate } from '../kernel/tokyo-date.ts'

export { tokyoDate }

const OFFSET = '+09:00'
const DAY_MS = 86_400_000

/** The instant at which a FHIR date or instant begins; a date begins at midnight in Japan. */
export function startOf(stated: string): Date {
  return new Date(isDate(stated) ? `${stated}T00:00:00${OFFSET}` : stated)
}

/** The first instant after a FHIR period's end: a date is in the period to its last moment (R4, Period.end). */
export function endOf(stated: string): Date {
  return isDate(stated) ? new Date(startOf(stated).getTime() + DAY_MS) : new Date(stated)
}

/** The day in Japan that a FHIR date or instant falls on. */
export function dayOf(stated: string): string {
  return isDate(stated) ? stated : tokyoDate(new Date(stated))
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** The same day so many years later; of 29 February 1 March where that year has none (民法第143条, 年齢計算ニ関スル法律). */
export function addYears(day: string, years: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(Date.UTC(year + years, month - 1, date)).toISOString().slice(0, 10)
}

export function later(one: Date, other: Date): Date {
  return new Date(Math.max(one.getTime(), other.getTime()))
}

function isDate(stated: string): boolean {
  return stated.length === 10
}
