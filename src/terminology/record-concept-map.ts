import { type CodeMap, readConceptMap } from '../alignment/index.ts'
import { recordAudit } from '../audit/index.ts'
import { type Caller, readJson } from '../http/index.ts'
import type { Transaction } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { countOtherMaps, putConceptMap } from './concept-map-store.ts'

const LIMITS = { depthMax: 16, nodesMax: 400_000 }
const ID = /^[A-Za-z0-9\-.]{1,64}$/
const MAPS_MAX = 50

/** Reads a ConceptMap, or refuses it whole with the place of what is wrong. */
export function readMap(id: string, body: string): CodeMap {
  if (!ID.test(id)) throw refuse('resource-invalid', { at: 'ConceptMap.id' })
  const read = readConceptMap(readJson(body, LIMITS))
  if ('at' in read) throw refuse('resource-invalid', { at: read.at })
  return read.map
}

/** Puts a region's map in the place of the one it had under that id. */
export async function recordConceptMap(
  tx: Transaction,
  { region }: Caller,
  { id, body, map }: { id: string; body: string; map: CodeMap },
  at: Date,
): Promise<void> {
  if ((await countOtherMaps(tx, region, id)) >= MAPS_MAX)
    throw refuse('resource-invalid', { at: 'ConceptMap.id' })
  const codes = await putConceptMap(tx, { region, id, body, at }, map)
  await recordAudit(tx, { kind: 'codes.recorded', at, detail: { region, id, map: map.name, codes } })
}
