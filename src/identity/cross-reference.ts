import type { Caller } from '../http/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { findRegionBySystem } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { findOwnDuplicates } from './link-store.ts'
import { findRegistration } from './store.ts'

/**
 * The other ids of a patient in the caller's own domain (IHE PIXm ITI-83, with its exact outcomes). An id in another
 * region's domain would tell where somebody is registered, so none is given here, and a source in one is refused.
 */
export async function crossReference(
  db: Queryable,
  caller: Caller,
  asked: { system: string; value: string; targets: readonly string[] },
): Promise<string[]> {
  if (asked.system !== caller.patientSystem) {
    const isKnown = (await findRegionBySystem(db, asked.system)) !== undefined
    throw refuse(isKnown ? 'foreign-patient-domain' : 'source-domain-unknown', { at: 'sourceIdentifier' })
  }
  for (const target of asked.targets) {
    if (target === caller.patientSystem || (await findRegionBySystem(db, target)) !== undefined) continue
    throw refuse('target-domain-unknown', { at: 'targetSystem' })
  }
  const id = { region: caller.region, localId: asked.value }
  const others = await findOwnDuplicates(db, id)
  if (others === undefined) {
    // A merged id is known and has nobody of its own any more (2:3.83.4.2.2).
    if ((await findRegistration(db, id))?.replacedBy != null) return []
    throw refuse('patient-unknown')
  }
  const isWanted = asked.targets.length === 0 || asked.targets.includes(caller.patientSystem)
  return isWanted ? others : []
}
