import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { type PatientId, patientIdOf } from './patient-id.ts'

/** The two columns by which every table of this folder names a registration. */
export interface PatientColumns {
  region: PgColumn
  localId: PgColumn
}

export function isPatient(columns: PatientColumns, id: PatientId): SQL | undefined {
  return and(eq(columns.region, id.region), eq(columns.localId, id.localId))
}

export function isAnyOf(columns: PatientColumns, refs: readonly string[]): SQL {
  const ids = refs.map(patientIdOf).map(({ region, localId }) => sql`(${region}, ${localId})`)
  return sql`(${columns.region}, ${columns.localId}) in (${sql.join(ids, sql`, `)})`
}
