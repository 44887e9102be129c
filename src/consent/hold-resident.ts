import { holdUnlinked, personOf } from '../identity/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { bumpEpoch } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { raiseEpochOfAny } from './raise-epoch.ts'
import type { StatedConsent } from './read-consent.ts'

/**
 * Makes sure that no release passes what a resident says: raises the epoch of the person whose it is. Whose
 * registration is not active, or was merged into one that is not fed yet, has no person. An end, or a death, is kept
 * for them too: the ids are held, so that whoever feeds them does so after it, and raises the epoch then. Whoever links
 * everybody, or loads a file, holds far more for far longer than an end may wait; a person whom they give the resident
 * meanwhile is not known here, so the region's epoch is raised, and whatever it is about to give is decided again.
 */
export async function holdResident(
  tx: Transaction,
  region: string,
  { localId, status, deceasedOn }: StatedConsent,
): Promise<void> {
  const find = () => personOf(tx, region, localId)
  if ((await raiseEpochOfAny(tx, find)) !== undefined) return
  const isEnd = status !== 'active' || deceasedOn !== undefined
  if (!isEnd || !(await holdUnlinked(tx, { region, localId }))) throw refuse('patient-unknown')
  // Somebody may have been fed while this waited for the ids.
  if ((await raiseEpochOfAny(tx, find)) !== undefined) return
  await bumpEpoch(tx, 'region', region)
}
