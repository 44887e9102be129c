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

/** Up to so many PostgreSQL plans well as a list; each length is a statement of its own, kept by each connection. */
const LISTED_MAX = 8

/** Whether a column is one of these; at least one. */
export function isAmong(column: SQL, values: readonly string[]): SQL {
  if (values.length > LISTED_MAX) return sql`${column} = any(${sql.param(values)}::text[])`
  return sql`${column} in (${sql.join(
    values.map((each) => sql`${each}`),
    sql`, `,
  )})`
}

export function isAnyOf(columns: PatientColumns, refs: readonly string[]): SQL {
  const ids = refs.map(patientIdOf)
  if (ids.length > LISTED_MAX) {
    const [regions, localIds] = [ids.map(({ region }) => region), ids.map(({ localId }) => localId)]
    return sql`(${columns.region}, ${columns.localId}) in (
      select * from unnest(${sql.param(regions)}::text[], ${sql.param(localIds)}::text[]))`
  }
  const listed = ids.map(({ region, localId }) => sql`(${region}, ${localId})`)
  return sql`(${columns.region}, ${columns.localId}) in (${sql.join(listed, sql`, `)})`
}
