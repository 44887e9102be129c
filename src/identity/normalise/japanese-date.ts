/** A day in numbers; a month or day of 0 is not known. */
export interface Day {
  year: number
  month: number
  day: number
}

/** Eras, their first and last days, and the digit that stands for each in 7-digit dates. */
const ERAS = [
  { digit: '1', names: '明治M', yearZero: 1867, from: '1868-01-25', to: '1912-07-30' },
  { digit: '2', names: '大正T', yearZero: 1911, from: '1912-07-30', to: '1926-12-25' },
  { digit: '3', names: '昭和S', yearZero: 1925, from: '1926-12-25', to: '1989-01-07' },
  { digit: '4', names: '平成H', yearZero: 1988, from: '1989-01-08', to: '2019-04-30' },
  { digit: '5', names: '令和R', yearZero: 2018, from: '2019-05-01', to: '9999-12-31' },
] as const

const NAMED =
  /^(明治?|大正?|昭和?|平成?|令和?|[MTSHR])(元|\d{1,2})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?[年月]?$/iu
/** An era's letter or digit, then year, month and day of two digits each: S510203, 3510203. */
const PACKED = /^([MTSHR1-5])-?(\d\d)(\d\d)(\d\d)$/i

/** A date in Japanese years; undefined where it is none, or lies outside its era: 昭和 ends with 7 January of its 64th year. */
export function japaneseDay(plain: string): Day | undefined {
  const [, name, yearOfEra = '', month = '0', day = '0'] = NAMED.exec(plain) ?? PACKED.exec(plain) ?? []
  if (name === undefined) return undefined
  const era = ERAS.find(({ digit, names }) => digit === name || names.includes(name.toUpperCase()))
  const year = yearOfEra === '元' ? 1 : Number(yearOfEra)
  if (era === undefined || year === 0) return undefined
  const found = { year: era.yearZero + year, month: Number(month), day: Number(day) }
  return isWithin(era, found) ? found : undefined
}

/** A date known in part is compared as far as it is known. */
function isWithin({ from, to }: { from: string; to: string }, { year, month, day }: Day): boolean {
  const length = month === 0 ? 4 : day === 0 ? 7 : 10
  const text = [String(year).padStart(4, '0'), month, day]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
    .slice(0, length)
  return text >= from.slice(0, length) && text <= to.slice(0, length)
}
