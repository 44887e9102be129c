import type { Caller } from '../http/index.ts'
import type { Context } from '../kernel/context.ts'
import { refuse } from '../vocabulary/index.ts'
import type { Feed } from './feed-together.ts'
import type { NationalIdRule } from './normalise/index.ts'
import { readPatient } from './read-patient.ts'

/** Who feeds may send national identifiers where the law lets this hub keep their keyed form. */
export interface FeedContext extends Context {
  nationalIds?: NationalIdRule | undefined
}

/**
 * A feed as it was sent for an identifier: in the caller's own domain, since a region writes its own only (ITI-104),
 * and while it is only being connected of a synthetic resident. Throws HubError.
 */
export function readFed(
  { system, localId, source }: { system: string; localId: string; source: string },
  caller: Caller,
  { now, nationalIds }: FeedContext,
): Feed {
  if (system !== caller.patientSystem) throw refuse('foreign-patient-domain', { at: 'identifier' })
  const read = readPatient(source, now(), caller.patientSystem, nationalIds)
  if (caller.isTrying === true && read.features.isSynthetic !== true) {
    throw refuse('stage-too-early', { at: 'Patient.meta.security' })
  }
  return { localId, read }
}
