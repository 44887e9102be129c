import type { Features } from './normalise/index.ts'
import type { Patient } from './patient-schema.ts'

const JAPAN_MS = 9 * 3_600_000

/**
 * The day (YYYY-MM-DD, in Japan) from which a death counts of which no whole day was told: the first of the year or
 * month that was, or the day it was heard of. The earliest that it can be, since viewing goes on until some days after
 * it. Undefined where a whole day was told, or no death.
 */
export function deathFrom(
  { deceasedBoolean, deceasedDateTime }: Patient,
  { deceasedOn }: Features,
  at: Date,
): string | undefined {
  if (deceasedOn !== undefined || (deceasedDateTime === undefined && deceasedBoolean !== true))
    return undefined
  const heardOn = new Date(at.getTime() + JAPAN_MS).toISOString().slice(0, 10)
  if (deceasedDateTime === undefined) return heardOn
  const first = `${deceasedDateTime.replace(/T.*$/u, '')}-01-01`.slice(0, 10)
  return first < heardOn ? first : heardOn
}

/** The day from which the death counts, whole or not; undefined where none was told. */
export function deathIn(features: Features | undefined): string | undefined {
  return features?.deceasedOn ?? features?.deathFrom
}

/** The features with a death that was known already counting from no later day than it did. */
export function keepDeath(features: Features, known: Features | undefined): Features {
  const before = deathIn(known)
  if (features.deathFrom === undefined || before === undefined || features.deathFrom <= before)
    return features
  return { ...features, deathFrom: before }
}
