const STATED =
  /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?)?)?$/

/**
 * When a FHIR date, dateTime or instant begins, in milliseconds; undefined for what is none of them. A date
 * without a time begins at midnight in Japan, one without a month at the year's first.
 */
export function startOf(stated: string): number | undefined {
  if (READ.has(stated)) return READ.get(stated)
  const start = readStart(stated)
  if (READ.size >= READ_MAX) READ.clear()
  if (stated.length <= STATED_CHARACTERS_MAX) READ.set(stated, start)
  return start
}

/** An answer names the same days again and again, and each is asked for several times. */
const READ = new Map<string, number | undefined>()
const READ_MAX = 10_000
const STATED_CHARACTERS_MAX = 40

function readStart(stated: string): number | undefined {
  if (!STATED.test(stated)) return undefined
  const at = stated.includes('T') ? Date.parse(stated) : Date.parse(`${whole(stated)}T00:00:00+09:00`)
  return Number.isNaN(at) ? undefined : at
}

/** `2026` and `2026-11` made into days. */
function whole(stated: string): string {
  return `${stated}-01-01`.slice(0, 10)
}
