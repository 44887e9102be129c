import type { Parameters, ParametersParameter } from 'fhir/r4.js'
import { z } from 'zod'
import { type MappedCode, mapCode, meansSame, oidOf, presentSystem } from '../alignment/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { findTargets } from './concept-map-store.ts'

const asked = z.strictObject({
  system: z.string().min(1).max(300),
  code: z.string().min(1).max(100),
  targetsystem: z.string().min(1).max(300).optional(),
})
export type Asked = z.infer<typeof asked>

/** R4, ConceptMap/$translate, of one code: `system` and `code`, and `targetsystem` where only one is wanted. */
export function readAsked(query: URLSearchParams): Asked {
  const given = [...query.entries()]
  const read = asked.safeParse(Object.fromEntries(given))
  if (!read.success || given.length !== Object.keys(read.data).length) throw refuse('parameter-unsupported')
  return read.data
}

/**
 * Every code that a code leads to: by the region's own maps, by the project's, and by the present and older names of
 * national systems, either way. Each match names the map it comes from.
 */
export async function translate(
  db: Queryable,
  region: string,
  { system, code, targetsystem }: Asked,
): Promise<Parameters> {
  const own = await findTargets(db, { region, system, code })
  const steps = mapCode(
    { system, code, display: undefined },
    { find: (from, each) => (from === system && each === code ? own : []) },
  )
  const known = new Set(steps.map((each) => `${each.system}|${each.code}`))
  const loose = own.filter((each) => !meansSame(each) && !known.has(`${each.system}|${each.code}`))
  const found = [...steps, ...loose, ...olderNames(system, code)]
  const wanted = targetsystem === undefined ? found : found.filter((each) => each.system === targetsystem)
  const isFound = wanted.some(({ equivalence }) => equivalence !== 'unmatched' && equivalence !== 'disjoint')
  return {
    resourceType: 'Parameters',
    parameter: [{ name: 'result', valueBoolean: isFound }, ...wanted.map(matchOf)],
  }
}

/** For a receiver that still reads OIDs. */
function olderNames(system: string, code: string): MappedCode[] {
  const oid = oidOf(presentSystem(system))
  return oid === undefined || oid === system
    ? []
    : [{ system: oid, code, display: undefined, by: 'url-oid', equivalence: 'equal' }]
}

function matchOf({ system, code, display, by, equivalence }: MappedCode): ParametersParameter {
  const concept = { system, code, ...(display !== undefined && { display }) }
  const source = /^[a-z]+:/.test(by) ? by : `https://tsunagi.example/ConceptMap/${by}`
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      { name: 'concept', valueCoding: concept },
      { name: 'source', valueUri: source },
    ],
  }
}
