import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

/**
 * 32 bytes in base64url, as hashes, thumbprints and coordinates of keys are written. The last character carries four
 * bits, so one in four may stand there (RFC 4648, section 3.5): else one value would have four spellings.
 */
export const BYTES_32 = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** The same as a table's check. */
export function isBytes32(column: AnyColumn): SQL {
  return sql`${column} ~ ${sql.raw(`'${BYTES_32.source}'`)}`
}
