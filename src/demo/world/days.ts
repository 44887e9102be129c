const TOKYO_MS = 9 * 3_600_000
const DAY_MS = 86_400_000

/** The calendar day in Tokyo, `daysAgo` days before `today`: YYYY-MM-DD. */
export function dayAgo(today: Date, daysAgo: number): string {
  return new Date(today.getTime() + TOKYO_MS - daysAgo * DAY_MS).toISOString().slice(0, 10)
}

/** A moment of that day in Tokyo time, with its offset. */
export function momentAgo(today: Date, daysAgo: number, time = '09:30:00'): string {
  return `${dayAgo(today, daysAgo)}T${time}+09:00`
}
