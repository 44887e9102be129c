import type { Database } from '../../kernel/database.ts'
import { findRegion, readRegistry } from '../../registry/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import type { Sender } from './encode-records.ts'

/** Whose records a file holds. Throws `region-unknown`. */
export async function senderOf(db: Database, id: string): Promise<Sender> {
  const registry = await readRegistry(db)
  const region = findRegion(registry, id)
  if (region === undefined) throw refuse('region-unknown')
  const otherSystems = registry.regions.filter((each) => each.id !== id).map((each) => each.patientSystem)
  return { region: id, patientSystem: region.patientSystem, otherSystems }
}
