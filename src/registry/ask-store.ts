import { type SQL, sql } from 'drizzle-orm'
import { type AuditEntry, recordingAudits } from '../audit/index.ts'
import type { Queryable } from '../kernel/database.ts'
import { consumingEach, type RequestClaims } from '../trust/index.ts'

/** What is asked of several keys in one statement: rows that name, in `asked`, the place of their key, from 1 on. */
export type Question<Key, Row extends AskedRow> = (keys: readonly Key[]) => SQL<Row>

export interface AskedRow {
  asked: number
}

/** Of a call that has its rows already, or none. */
export function askNothing(): SQL<AskedRow> {
  return sql`select 0 as asked where false`
}

/** A call that asks: the claims of its request, and its entry in the log. */
export interface Asking<Key> {
  claims: RequestClaims
  key: Key
  entry: AuditEntry
}

/**
 * The rows of each question, its entry in the log and the use of its request, all in one statement, so that they stand
 * or fall together without a transaction around them; undefined where the request was used before: of that one nothing
 * is written. Each request stands once among them.
 */
export async function askUsingUp<Key, Row extends AskedRow>(
  db: Queryable,
  question: Question<Key, Row>,
  asking: readonly Asking<Key>[],
): Promise<(Row[] | undefined)[]> {
  const keys = asking.map(({ key }) => key)
  const [asked] = await db.execute<{ first: number[]; rows: Row[] }>(sql`
    with ${consumingEach(
      'tsunagi-request+jwt',
      asking.map(({ claims }) => claims),
    )},
    ${recordingAudits(
      asking.map(({ entry }) => entry),
      sql`row.place in (select place from used)`,
    )}
    select (select coalesce(json_agg(place), '[]') from used) as first,
           (select coalesce(json_agg(found), '[]') from (${question(keys)}) found) as rows`)
  const [first, rows] = [new Set(asked?.first), Map.groupBy(asked?.rows ?? [], (row) => row.asked)]
  return keys.map((_, at) => (first.has(at + 1) ? (rows.get(at + 1) ?? []) : undefined))
}
