import { refuse } from '../vocabulary/index.ts'
import { decideLink, levelIn } from './linkage/index.ts'
import { type Features, isSynthetic } from './normalise/index.ts'
import type { ReadPatient } from './read-patient.ts'
import type { RegistrationRow } from './store.ts'

/**
 * What may follow what is known of a registration: nothing that its region had before (last month's batch, sent
 * again), and nobody else under the same id, because consents and visits are kept by the id and would be theirs.
 */
export function checkSuccession(
  known: RegistrationRow,
  { patient, features, replacedBy }: ReadPatient,
): void {
  const held: ReadPatient['patient'] = JSON.parse(known.source)
  const before = lastUpdated(held)
  const now = lastUpdated(patient)
  if (before !== undefined && now !== undefined && now < before) {
    throw refuse('version-stale', { at: 'Patient.meta.lastUpdated' })
  }
  // A synthetic resident is nobody; a message that merges says little else.
  if (replacedBy === undefined && isSynthetic(held) !== isSynthetic(patient)) {
    throw refuse('registration-replaced', { at: 'Patient.meta.security' })
  }
  // With nothing to doubt in the birth date no name says that it is somebody else, so nothing has to be compared.
  if (isOneBirthDate(known.features.birthDate, features.birthDate)) return
  const pair = decideLink(known.features, features)
  const isOtherName = ['different', 'near'].includes(levelIn(pair, 'given'))
  const isOtherDate = !['equal', 'partial', 'unknown'].includes(levelIn(pair, 'birthDate'))
  if (isOtherName && isOtherDate && known.features.placeholder === undefined) {
    throw refuse('registration-replaced', { at: 'Patient' })
  }
}

/** A filler says nothing, whoever else has it too. */
function isOneBirthDate(a: Features['birthDate'], b: Features['birthDate']): boolean {
  return a?.day === b?.day && a?.isPlaceholder !== true && b?.isPlaceholder !== true
}

/**
 * A message from before the id was removed, come late or sent again, brings nobody back; whoever is registered under
 * it anew, or comes without a time, is somebody's decision.
 */
export function checkReturn({ patient }: ReadPatient, end: Date | undefined): void {
  const now = lastUpdated(patient)
  if (now !== undefined && end !== undefined && now <= end.getTime()) {
    throw refuse('version-stale', { at: 'Patient.meta.lastUpdated' })
  }
}

/** Whether a message says when it was written. */
export function isTimed({ patient }: ReadPatient): boolean {
  return lastUpdated(patient) !== undefined
}

function lastUpdated({ meta }: Pick<ReadPatient['patient'], 'meta'>): number | undefined {
  return meta?.lastUpdated === undefined ? undefined : Date.parse(meta.lastUpdated)
}
