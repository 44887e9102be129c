import type { Caller } from '../http/index.ts'
import type { Queryable } from '../kernel/database.ts'
import type { HubError } from '../kernel/hub-error.ts'
import { findRegionBySystem } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { DuplicateRow } from './link-store.ts'
import type { PixQuestion } from './read-token.ts'

/** Whether all is asked in the caller's own domain, so that nothing has to be read to know it. */
export function isOwnDomain({ patientSystem }: Caller, { system, targets }: PixQuestion): boolean {
  return system === patientSystem && targets.every((target) => target === patientSystem)
}

/** Why the question is refused for the domains it names: a source in another region's is. */
export async function domainRefusal(
  db: Queryable,
  caller: Caller,
  asked: PixQuestion,
): Promise<HubError | undefined> {
  if (asked.system !== caller.patientSystem) {
    const isKnown = (await findRegionBySystem(db, asked.system)) !== undefined
    return refuse(isKnown ? 'foreign-patient-domain' : 'source-domain-unknown', { at: 'sourceIdentifier' })
  }
  for (const target of asked.targets) {
    if (target === caller.patientSystem || (await findRegionBySystem(db, target)) !== undefined) continue
    return refuse('target-domain-unknown', { at: 'targetSystem' })
  }
  return undefined
}

/**
 * The other ids of a patient in the caller's own domain (IHE PIXm ITI-83, with its exact outcomes), by the rows of the
 * id asked about. An id in another region's domain would tell where somebody is registered, so none is given here.
 */
export function duplicatesOf(
  rows: readonly DuplicateRow[],
  { patientSystem }: Caller,
  { targets }: PixQuestion,
): string[] | HubError {
  const [first] = rows
  if (first === undefined || !first.isLinked) {
    // A merged id is known and has nobody of its own any more (2:3.83.4.2.2).
    return first?.isMerged === true ? [] : refuse('patient-unknown')
  }
  const isWanted = targets.length === 0 || targets.includes(patientSystem)
  return isWanted ? rows.flatMap(({ other }) => other ?? []) : []
}
