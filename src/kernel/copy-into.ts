import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type postgres from 'postgres'
import { copyStream } from './binary-rows.ts'
import type { Transaction } from './database.ts'

/** What `driverOf` adds to what drizzle asks of it. */
export interface CopyingDriver {
  copy(statement: string, chunks: Iterable<Uint8Array>): Promise<void>
}

/**
 * Rows, as `binaryRows` makes them, into a table: `into` is its name and columns. For an insert without conflicts that
 * returns nothing, at a fraction of its cost. Of drizzle's own there is no COPY; its driver stands in its session.
 */
export async function copyInto(tx: Transaction, into: string, parts: Iterable<Uint8Array>): Promise<void> {
  const { session } = tx as unknown as { session: { client: CopyingDriver } }
  await session.client.copy(`copy ${into} from stdin (format binary)`, copyStream(parts))
}

/**
 * Settles when the server has taken everything, or refused it. postgres.js tells nobody of a fault that comes behind
 * the last byte: its promise was kept when the stream was given, so its `reject` is taken over.
 */
export async function copied(
  query: postgres.PendingQuery<postgres.Row[]>,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  const stream = await query.writable()
  const refused = new Promise<never>((_, reject) => Object.assign(query, { reject }))
  await Promise.race([pipeline(Readable.from(chunks), stream), refused])
}
