const OFFSET_MS = 9 * 3_600_000

/** The day in Japan at that instant, YYYY-MM-DD. Japan has kept one offset, without summer time, since 1952. */
export function tokyoDate(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}
