import type { Caller } from '../http/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { findRegionBySystem } from '../registry/index.ts'
import { refuse, SYSTEMS } from '../vocabulary/index.ts'
import type { ReadPatient } from './read-patient.ts'

/** Of the systems that these patients' identifiers are in, those in which other regions number their own. */
export async function foreignSystems(
  db: Queryable,
  caller: Caller,
  reads: readonly ReadPatient[],
): Promise<Set<string>> {
  const named = reads.flatMap(({ patient: { identifier = [] } }) =>
    identifier.flatMap(({ system }) => system ?? []),
  )
  const foreign = new Set<string>()
  for (const system of new Set(named)) {
    if (system === caller.patientSystem || system === SYSTEMS.insuredNumber) continue
    if ((await findRegionBySystem(db, system)) !== undefined) foreign.add(system)
  }
  return foreign
}

/** Exactly one id in the region's own system, the one asked for, and none in another region's. Throws HubError. */
export function checkIdentifiers(
  { patientSystem }: Caller,
  localId: string,
  { patient: { identifier = [] } }: ReadPatient,
  foreign: ReadonlySet<string>,
): void {
  const own = identifier.filter(({ system }) => system === patientSystem)
  if (own.length !== 1 || own[0]?.value !== localId)
    throw refuse('resource-invalid', { at: 'Patient.identifier' })
  if (identifier.some(({ system }) => system !== undefined && foreign.has(system)))
    throw refuse('foreign-patient-domain', { at: 'Patient.identifier' })
}
