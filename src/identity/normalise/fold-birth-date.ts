/** Older than anybody alive: systems that must have a date put 1900-01-01. */
const PLACEHOLDER_YEAR_MAX = '1900'
const PLACEHOLDER_DAY = '-01-01'

export interface BirthDate {
  /** YYYY-MM-DD; only as far as `precision` says. */
  day: string
  /** Absent for a whole day. A partial date is never equal to another. */
  precision?: 'day' | 'month' | 'year' | undefined
  /** 1 January, or before 1901: what is entered when the day is not known, so it identifies nobody. */
  isPlaceholder: boolean
}

/** A birth date that can be compared; undefined when it is missing or partial. */
export function foldBirthDate(date: string | undefined): BirthDate | undefined {
  if (date === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined
  return {
    day: date,
    isPlaceholder: date.slice(0, 4) <= PLACEHOLDER_YEAR_MAX || date.endsWith(PLACEHOLDER_DAY),
  }
}
