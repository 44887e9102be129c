import { BIRTH_DATE } from './levels.ts'
import { dayOf, IS_PLACEHOLDER_DATE, monthOf, yearOf } from './rows.ts'

/** Years between the first years of eras (明治 1868, 大正 1912, 昭和 1926, 平成 1989, 令和 2019), and between their two-digit years and western ones. */
const ERA_OFFSETS = new Set([11, 12, 14, 30, 44, 58, 63, 77])

/** `flags` are those of both sides, put together. */
export function birthDateLevel(a: number, b: number, flags: number): number {
  if (a === 0 || b === 0) return BIRTH_DATE.unknown
  const isYear = yearOf(a) === yearOf(b)
  const isMonth = monthOf(a) === monthOf(b)
  const isDay = dayOf(a) === dayOf(b)
  if (dayOf(a) === 0 || dayOf(b) === 0) {
    const isMonthKnown = monthOf(a) !== 0 && monthOf(b) !== 0
    if (!isYear) return BIRTH_DATE.different
    return isMonth || !isMonthKnown ? BIRTH_DATE.partial : BIRTH_DATE.sameYear
  }
  const isPlaceholder = (flags & IS_PLACEHOLDER_DATE) !== 0
  if (a === b) return isPlaceholder ? BIRTH_DATE.newYear : BIRTH_DATE.equal
  if (isPlaceholder && isYear) return BIRTH_DATE.partial
  if (isMonth && isDay) return yearLevel(yearOf(a), yearOf(b))
  if (isYear && isMonth) return partLevel(dayOf(a), dayOf(b))
  if (isYear && isDay) return partLevel(monthOf(a), monthOf(b))
  if (!isYear) return BIRTH_DATE.different
  const isSwapped = monthOf(a) === dayOf(b) && dayOf(a) === monthOf(b)
  return isSwapped ? BIRTH_DATE.monthAndDaySwapped : BIRTH_DATE.sameYear
}

function yearLevel(a: number, b: number): number {
  const level = partLevel(a, b)
  return level === BIRTH_DATE.onePart && ERA_OFFSETS.has(Math.abs(a - b)) ? BIRTH_DATE.era : level
}

/** One digit of four, or of two. */
function partLevel(a: number, b: number): number {
  let different = 0
  for (let unit = 1; unit <= 1000; unit *= 10) {
    if (Math.floor(a / unit) % 10 !== Math.floor(b / unit) % 10) different++
  }
  return different === 1 ? BIRTH_DATE.oneDigit : BIRTH_DATE.onePart
}
