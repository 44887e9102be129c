import type { Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { isSurvivor } from './merge-store.ts'
import type { PatientId } from './patient-id.ts'
import { currentLocalId, findRegistration, lockNamedPatients } from './store.ts'

const MOVES_MAX = 3

/**
 * Holds an id of a resident who has no person now, and the id that replaced it, until the transaction ends: whoever is
 * fed under either comes after. Linking everybody may give them a person beside it. False where nobody ever named the id, or whoever had it was removed.
 */
export async function holdUnlinked(tx: Transaction, id: PatientId): Promise<boolean> {
  let current = await currentLocalId(tx, id)
  for (let moves = 0; moves < MOVES_MAX; moves += 1) {
    await lockNamedPatients(tx, [id, { ...id, localId: current }])
    const now = await currentLocalId(tx, id)
    if (now === current) return (await findRegistration(tx, id)) !== undefined || (await isSurvivor(tx, id))
    current = now
  }
  throw refuse('unavailable')
}
