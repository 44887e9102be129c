/**
 * The earliest day (YYYY-MM-DD) that a death can be of which no whole day was told, since viewing goes on until some
 * days after it: the first of the year or month that was told (`Patient.deceasedDateTime`), or the day it was heard of.
 */
export function earliestDeath(told: string | undefined, heardOn: string): string {
  if (told === undefined) return heardOn
  const first = `${told}-01-01`.slice(0, 10)
  return first < heardOn ? first : heardOn
}
