import type { Transaction } from '../kernel/database.ts'
import { type ToldRegion, tellRegions } from '../registry/index.ts'
import type { PatientId } from './patient-id.ts'
import { keepStanding } from './standing-store.ts'

/**
 * Tells each region's gateway what other registrations of the same resident say that bounds what may leave there: that
 * they are protected (支援措置), that they died, or no longer so. Neither which registration nor whose it is: that
 * somebody is registered elsewhere at all is sensitive. Who of `changed` has no person any more is bound by nothing.
 */
export async function tellStanding(
  tx: Transaction,
  { persons, changed }: { persons: readonly string[]; changed: readonly PatientId[] },
  at: Date,
): Promise<void> {
  if (persons.length === 0) return
  const moved = await keepStanding(tx, persons, changed)
  const told = moved.map(({ region, localId, protected: isProtected, deceasedOn }): ToldRegion => {
    const notice = {
      kind: 'standing',
      patient: localId,
      protected: isProtected,
      at: at.toISOString(),
    } as const
    return { region, notice: deceasedOn === null ? notice : { ...notice, deceasedOn } }
  })
  if (told.length > 0) await tellRegions(tx, told, at)
}
