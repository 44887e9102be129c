import { type Day, japaneseDay } from './japanese-date.ts'

/** Older than anybody alive: systems that must have a date put 1900-01-01. */
const PLACEHOLDER_YEAR_MAX = 1900
const YEAR_MIN = 1850
const YEAR_MAX = 2100

export interface BirthDate {
  /** YYYY-MM-DD; only as far as `precision` says. */
  day: string
  precision?: 'day' | 'month' | 'year' | undefined
  /** 1 January, or before 1901: what is entered when the day is not known, so it identifies nobody. */
  isPlaceholder: boolean
}

const ISO = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/
const WESTERN = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?[年月]?$/u
const EIGHT_DIGITS = /^(\d{4})(\d\d)(\d\d)$/
/** What exports of databases put behind a day. */
const MIDNIGHT = /[T ]0{1,2}:00(?::00(?:\.0+)?)?Z?$/

/**
 * A birth date that can be compared, or compared in part: ISO, 1961/2/3, 19610203, and in Japanese years (S36.2.3,
 * 昭和36年2月3日, 3360203). A day or month of 00 is not known. Undefined for a day that does not exist (30 February,
 * 昭和65年) and for fillers (0000, 9999): nothing is guessed. Nobody alive was born before 1850; data about the dead
 * have a `yearMin` of their own.
 */
export function foldBirthDate(text: string | undefined, yearMin = YEAR_MIN): BirthDate | undefined {
  if (text === undefined) return undefined
  const day = isoDay(text) ?? otherDay(text)
  return day === undefined ? undefined : birthDateOf(day, yearMin)
}

function isoDay(text: string): Day | undefined {
  const [, year, month, day] = ISO.exec(text) ?? []
  return year === undefined
    ? undefined
    : { year: Number(year), month: Number(month ?? 0), day: Number(day ?? 0) }
}

function otherDay(text: string): Day | undefined {
  const plain = text.normalize('NFKC').trim().replace(MIDNIGHT, '').replace(/\s+/gu, '')
  const [, year, month, day] = WESTERN.exec(plain) ?? EIGHT_DIGITS.exec(plain) ?? []
  if (year !== undefined) return { year: Number(year), month: Number(month ?? 0), day: Number(day ?? 0) }
  return japaneseDay(plain)
}

function birthDateOf({ year, month, day }: Day, yearMin: number): BirthDate | undefined {
  if (year < yearMin || year > YEAR_MAX || month > 12) return undefined
  const start = `${year}`
  const isPlaceholder = (yearMin === YEAR_MIN && year <= PLACEHOLDER_YEAR_MAX) || (month === 1 && day === 1)
  if (month === 0) return day === 0 ? { day: start, precision: 'year', isPlaceholder } : undefined
  const toMonth = `${start}-${twoDigits(month)}`
  if (day === 0) return { day: toMonth, precision: 'month', isPlaceholder }
  if (day > daysIn(year, month)) return undefined
  return { day: `${toMonth}-${twoDigits(day)}`, precision: 'day', isPlaceholder }
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
