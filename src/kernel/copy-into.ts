import type { Socket } from 'node:net'
import { Readable, Writable } from 'node:stream'
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
 * Settles when the server has taken everything, or refused it; nothing is sent after that. postgres.js tells nobody of
 * a fault that comes behind the last byte: its promise was kept when the stream was given, so its `reject` is taken
 * over. What goes through `socket`, where the connection's own may be written to, is not copied once more.
 */
export async function copied(
  query: postgres.PendingQuery<postgres.Row[]>,
  chunks: Iterable<Uint8Array>,
  socket: Socket | undefined,
): Promise<void> {
  const stream = await query.writable()
  const refused = new Promise<never>((_, reject) => Object.assign(query, { reject }))
  const over = new AbortController()
  const sink = socket === undefined ? stream : copyDataTo(socket, stream)
  try {
    await Promise.race([pipeline(Readable.from(chunks), sink, { signal: over.signal }), refused])
  } finally {
    over.abort()
  }
}

const HEAD_BYTES = 5
const COPY_DATA = 'd'.charCodeAt(0)

/**
 * Messages of CopyData (PostgreSQL's manual, "Message Formats"), each head just before its data. postgres.js puts both
 * into memory of their own, and to collect that takes more time than all else that its process does in a load.
 */
function copyDataTo(socket: Socket, stream: Writable): Writable {
  const sink = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      const head = Buffer.allocUnsafe(HEAD_BYTES)
      head[0] = COPY_DATA
      head.writeInt32BE(HEAD_BYTES - 1 + chunk.length, 1)
      socket.cork()
      socket.write(head)
      socket.write(chunk, done)
      socket.uncork()
    },
    final: (done) => void stream.end(done),
    destroy(error, done) {
      // Tells the server that no more comes: until then it takes whatever is sent for data.
      if (error !== null) stream.destroy(error)
      done(error)
    },
  })
  stream.on('error', (error) => sink.destroy(error))
  return sink
}
