import type { Parameters } from 'fhir/r4.js'
import type { Caller } from '../http/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { findRegionBySystem } from '../registry/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { personOf, registrationsOf } from './find-person.ts'

/**
 * IHE PIXm ITI-83 in the caller's own domain, with the profile's exact outcomes: other ids of the same person
 * there. Ids in other regions' domains are a disclosure, which takes a query; they are left out here.
 */
export async function crossReference(
  db: Queryable,
  caller: Caller,
  asked: { system: string; value: string; targets: string[] },
): Promise<Parameters> {
  if (asked.system !== caller.patientSystem) {
    if ((await findRegionBySystem(db, asked.system)) === undefined) throw refuse('source-domain-unknown')
    throw refuse('foreign-patient-domain')
  }
  for (const target of asked.targets) {
    if (target !== caller.patientSystem && (await findRegionBySystem(db, target)) === undefined) {
      throw refuse('target-domain-unknown')
    }
  }
  const personId = await personOf(db, caller.region, asked.value)
  if (personId === undefined) throw refuse('patient-unknown')
  const isWanted = asked.targets.length === 0 || asked.targets.includes(caller.patientSystem)
  const own = isWanted
    ? (await registrationsOf(db, personId)).filter(({ region }) => region === caller.region)
    : []
  const others = own.filter(({ localId }) => localId !== asked.value)
  return {
    resourceType: 'Parameters',
    ...(others.length === 0
      ? {}
      : {
          parameter: others.map(({ localId }) => ({
            name: 'targetIdentifier',
            valueIdentifier: { system: caller.patientSystem, value: localId },
          })),
        }),
  }
}
