import type { AuditEntry } from '../../audit/index.ts'
import type { Caller } from '../../http/index.ts'
import type { Queryable } from '../../kernel/database.ts'
import { findRegionBySystem } from '../../registry/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import { patientSchema } from '../patient-schema.ts'
import type { Criteria } from './read-criteria.ts'
import { satisfies } from './satisfies.ts'
import { type FoundRow, findPossible } from './search-store.ts'

/** More than anybody looks through; whoever finds more has to ask more narrowly. */
export const FOUND_MAX = 1_000

export interface Found {
  total: number
  page: FoundRow[]
}

/**
 * Patients of the caller's own domain (IHE PDQm ITI-78), by id; other regions' residents are never among them, since
 * where somebody is registered is itself sensitive. On record are the search's parameters by name and who was shown.
 * Throws HubError: `search-domain-unknown`, `foreign-patient-domain`, `search-too-broad`.
 */
export async function searchPatients(db: Queryable, caller: Caller, criteria: Criteria): Promise<Found> {
  await checkDomains(db, caller, criteria)
  const rows = await findPossible(db, caller, criteria, FOUND_MAX)
  if (rows === undefined || rows.length > FOUND_MAX) throw refuse('search-too-broad')
  const found = rows.filter(({ source, features }) =>
    satisfies(patientSchema.parse(JSON.parse(source)), features, criteria),
  )
  const { offset, count } = criteria
  return { total: found.length, page: found.slice(offset, offset + count) }
}

/** An id in another region's domain is asked for by a query, with all that a query needs. */
async function checkDomains(
  db: Queryable,
  caller: Caller,
  { domains, identifiers }: Criteria,
): Promise<void> {
  for (const system of new Set(domains)) {
    if (system === caller.patientSystem || (await findRegionBySystem(db, system)) !== undefined) continue
    throw refuse('search-domain-unknown', { at: 'identifier' })
  }
  for (const system of new Set(identifiers.flat().map((token) => token.system))) {
    if (system === undefined || system === caller.patientSystem) continue
    if ((await findRegionBySystem(db, system)) !== undefined) {
      throw refuse('foreign-patient-domain', { at: 'identifier' })
    }
  }
}

const SHOWN_MAX = 100

/** Comes with the answer, whatever it is. */
export function searchEntry(
  { region }: Caller,
  said: {
    asked: 'search' | 'match' | 'read'
    by: readonly string[]
    shown: readonly string[]
    refused?: string
  },
  at: Date,
): AuditEntry {
  const shown = said.shown.slice(0, SHOWN_MAX)
  return {
    kind: 'index.query',
    at,
    detail: {
      ...{ region, asked: said.asked, by: [...new Set(said.by)].sort(), shown },
      ...(said.refused === undefined ? {} : { refused: said.refused }),
    },
    about: shown.map((localId) => `registration:${region}|${localId}`),
  }
}
