import { sql } from 'drizzle-orm'
import type { Queryable } from '../kernel/database.ts'
import type { AuditKind } from './kinds.ts'

/** As every spelling of an entry's time is: ISO 8601 in UTC, with milliseconds. */
export const utcText = sql`to_char(entry.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export interface FoundEntry {
  number: number
  id: string
  kind: string
  at: string
  salt: string
  detail: string
}

/** What is on record under a key, of these kinds, oldest first; entries whose detail was erased are not found. */
export async function findEntriesAbout(
  db: Queryable,
  key: string,
  kinds: readonly AuditKind[],
  range: { from?: Date; until?: Date; limit: number },
): Promise<FoundEntry[]> {
  const rows = await db.execute<FoundRow>(sql`
    select entry.number, entry.id, entry.kind, ${utcText} as at, detail.salt, detail.detail
      from audit_about about
      join audit_entry entry on entry.number = about.entry
      join audit_detail detail on detail.entry = about.entry
     where about.key = ${key} and entry.kind in ${[...kinds]}
       and entry.recorded_at >= ${(range.from ?? new Date(0)).toISOString()}::timestamptz
       and (${range.until?.toISOString() ?? null}::timestamptz is null
            or entry.recorded_at < ${range.until?.toISOString() ?? null}::timestamptz)
     order by about.entry limit ${range.limit}`)
  return rows.map(foundEntry)
}

/** Entries of these kinds and that time after a number, in the order of writing: a page of what a rule reads. */
export async function findEntriesWithin(
  db: Queryable,
  kinds: readonly AuditKind[],
  range: { from: Date; until: Date; after: number; limit: number },
): Promise<FoundEntry[]> {
  const rows = await db.execute<FoundRow>(sql`
    select entry.number, entry.id, entry.kind, ${utcText} as at, detail.salt, detail.detail
      from audit_entry entry join audit_detail detail on detail.entry = entry.number
     where entry.number > ${range.after} and entry.kind in ${[...kinds]}
       and entry.recorded_at >= ${range.from.toISOString()}::timestamptz
       and entry.recorded_at < ${range.until.toISOString()}::timestamptz
     order by entry.number limit ${range.limit}`)
  return rows.map(foundEntry)
}

type FoundRow = Omit<FoundEntry, 'number' | 'salt'> & { number: string; salt: Buffer }

function foundEntry({ number, salt, ...row }: FoundRow): FoundEntry {
  return { ...row, number: Number(number), salt: salt.toString('base64url') }
}
