/**
 * Dates as people in Japan read them: 西暦 with 和暦 beside it, 24 hours, Japanese time. FHIR dates may stop at
 * the year or the month, and then so does what is shown.
 */
const ZONE = 'Asia/Tokyo'

const era = new Intl.DateTimeFormat('ja-JP-u-ca-japanese', { timeZone: ZONE, era: 'short', year: 'numeric' })
const clock = new Intl.DateTimeFormat('ja-JP', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The day in Japan at that instant, YYYY-MM-DD. */
export function dayOf(at: Date): string {
  return day.format(at)
}

/** A FHIR date or instant in its parts; undefined where it is none. */
export interface DateParts {
  /** `2026年11月22日` */
  day: string
  /** `令和8年` */
  era: string
  /** `14:03`, where a time was stated. */
  time: string | undefined
}

export function dateParts(stated: string): DateParts | undefined {
  const read = readStated(stated)
  if (read === undefined) return undefined
  const { year, month, dayOfMonth } = read
  const parts = [`${year}年`, month && `${Number(month)}月`, dayOfMonth && `${Number(dayOfMonth)}日`]
  return {
    day: parts.filter(Boolean).join(''),
    era: eraText(read),
    time: stated.includes('T') ? timeText(new Date(stated)).slice(0, 5) : undefined,
  }
}

/** `2026年11月22日（令和8年）`. */
export function dateText(stated: string): string | undefined {
  const parts = dateParts(stated)
  return parts && `${parts.day}（${parts.era}）`
}

/** As `dateText`, with the time of day in Japan where one was stated. */
export function momentText(stated: string | Date): string | undefined {
  const parts = dateParts(typeof stated === 'string' ? stated : stated.toISOString())
  return parts && `${parts.day}（${parts.era}）${parts.time ?? ''}`
}

/** `14:03:12` in Japan. */
export function timeText(at: Date): string {
  return clock.format(at)
}

/** `69歳` in Japan on the day of `at`; months or days for the youngest, 約 where the birthday is not whole. */
export function ageText(birthDate: string, at: Date): string | undefined {
  const born = readStated(birthDate)
  if (born === undefined || birthDate > dayOf(at)) return undefined
  const [year = 0, month = 0, dayOfMonth = 0] = dayOf(at).split('-').map(Number)
  const years = year - Number(born.year)
  if (born.month === undefined || born.dayOfMonth === undefined) return `約${years}歳`
  const months = years * 12 + (month - Number(born.month)) - (dayOfMonth < Number(born.dayOfMonth) ? 1 : 0)
  if (months >= 12) return `${Math.floor(months / 12)}歳`
  if (months >= 1) return `0歳${months}か月`
  const days = (Date.parse(dayOf(at)) - Date.parse(birthDate)) / 86_400_000
  return `生後${days}日`
}

interface Stated {
  year: string
  month?: string | undefined
  dayOfMonth?: string | undefined
}

const STATED = /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(T.{4,30})?)?)?$/

function readStated(stated: string): Stated | undefined {
  const found = STATED.exec(stated)
  if (found === null) return undefined
  const [, year = '', month, dayOfMonth, time] = found
  if (time !== undefined) {
    const at = new Date(stated)
    return Number.isNaN(at.getTime()) ? undefined : readStated(dayOf(at))
  }
  if (dayOfMonth !== undefined && lastDayOf(Number(year), Number(month)) < Number(dayOfMonth))
    return undefined
  return { year, month, dayOfMonth }
}

function lastDayOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** The era's year; both, where the era changed within what was stated (2019年 is 平成31年 and 令和元年). */
function eraText({ year, month, dayOfMonth }: Stated): string {
  const at = (on: string) => eraYear(new Date(`${on}T12:00:00+09:00`))
  if (dayOfMonth !== undefined) return at(`${year}-${month}-${dayOfMonth}`)
  const first = at(`${year}-${month ?? '01'}-01`)
  const last = at(`${year}-${month ?? '12'}-${lastDayOf(Number(year), Number(month ?? 12))}`)
  return first === last ? first : `${first}・${last}`
}

function eraYear(at: Date): string {
  const parts = era.formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  const year = part('year')
  return `${part('era')}${year === '1' ? '元' : year}年`
}
