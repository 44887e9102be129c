/** A day as a count from 1970-01-01, so that days compare and add as numbers. */
export type Day = number

/** The day the generated files are written. */
export const TODAY: Day = dayOf(2025, 10, 1)

export function dayOf(year: number, month: number, date: number): Day {
  return Math.floor(Date.UTC(year, month - 1, date) / 86_400_000)
}

export function isoDate(day: Day): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

export function yearOf(day: Day): number {
  return new Date(day * 86_400_000).getUTCFullYear()
}

export function ageOn(birth: Day, day: Day): number {
  return Math.floor((day - birth) / 365.2425)
}

const ERAS = [
  { name: '令和', letter: 'R', from: '2019-05-01', yearZero: 2018 },
  { name: '平成', letter: 'H', from: '1989-01-08', yearZero: 1988 },
  { name: '昭和', letter: 'S', from: '1926-12-25', yearZero: 1925 },
  { name: '大正', letter: 'T', from: '1912-07-30', yearZero: 1911 },
  { name: '明治', letter: 'M', from: '1868-01-25', yearZero: 1867 },
] as const

/** A whole ISO date in Japanese years, `S51.3.7` or `昭和51年3月7日`; what is no whole date stays as it is. */
export function japaneseDate(iso: string, style: 'letter' | 'words'): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(iso)) return iso
  const era = ERAS.find(({ from }) => iso >= from)
  if (era === undefined) return iso
  const [year = 0, month = 0, date = 0] = iso.split('-').map(Number)
  const eraYear = year - era.yearZero
  if (style === 'letter') return `${era.letter}${eraYear}.${month}.${date}`
  return `${era.name}${eraYear === 1 ? '元' : eraYear}年${month}月${date}日`
}
