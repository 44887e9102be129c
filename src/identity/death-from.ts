import { tokyoDate } from '../kernel/tokyo-date.ts'
import { earliestDeath } from '../vocabulary/index.ts'
import type { Features } from './normalise/index.ts'
import type { Patient } from './patient-schema.ts'

/**
 * The day (YYYY-MM-DD, in Japan) from which a death counts of which no whole day was told; undefined where one was, or
 * no death.
 */
export function deathFrom(
  { deceasedBoolean, deceasedDateTime }: Patient,
  { deceasedOn }: Features,
  at: Date,
): string | undefined {
  if (deceasedOn !== undefined || (deceasedDateTime === undefined && deceasedBoolean !== true))
    return undefined
  return earliestDeath(deceasedDateTime?.replace(/T.*$/u, ''), tokyoDate(at))
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
