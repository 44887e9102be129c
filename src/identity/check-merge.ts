import type { Transaction } from '../kernel/database.ts'
import { findRegionBySystem } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { PatientId } from './patient-id.ts'
import type { ReadPatient } from './read-patient.ts'
import { currentLocalId, findRegistration, lockMerges, type RegistrationRow } from './store.ts'

/**
 * The id that replaces this one, if it may; undefined where nothing is merged. It need not be registered yet:
 * messages come out of order. A merge is taken back by removing the registration, never by feeding it again, so that
 * a late copy of an older message cannot. Throws HubError.
 */
export async function checkMerge(
  tx: Transaction,
  id: PatientId,
  patientSystem: string,
  known: RegistrationRow | undefined,
  { replacedBy, features }: ReadPatient,
): Promise<string | undefined> {
  if (replacedBy === undefined) {
    if (known?.replacedBy != null) throw refuse('registration-merged', { at: 'Patient' })
    return undefined
  }
  const { system, value } = replacedBy
  if (system !== patientSystem) {
    const isForeign = (await findRegionBySystem(tx, system)) !== undefined
    throw refuse(isForeign ? 'foreign-patient-domain' : 'merge-invalid', { at: 'Patient.link' })
  }
  if (value === id.localId) throw refuse('merge-invalid', { at: 'Patient.link' })
  await lockMerges(tx, id.region)
  if (known?.replacedBy === value) return value
  const survivor = await currentLocalId(tx, { region: id.region, localId: value })
  if (survivor === id.localId) throw refuse('merge-cycle', { at: 'Patient.link' })
  const replacing = await findRegistration(tx, { region: id.region, localId: survivor })
  // A message that merges says little else, so what was known of the id goes before.
  const own = known?.features ?? features
  if (replacing !== undefined && replacing.features.isSynthetic !== own.isSynthetic) {
    throw refuse('never-one-person', { at: 'Patient.link' })
  }
  if (known?.replacedBy != null && survivor !== (await currentLocalId(tx, id))) {
    throw refuse('registration-merged', { at: 'Patient.link' })
  }
  return value
}
