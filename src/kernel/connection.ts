import { createConnection, type Socket } from 'node:net'
import type { TransactionSql } from 'postgres'
import postgres from 'postgres'
import { isConnectionFault, poolFault, unavailable } from './database-refusal.ts'

/** How long a socket that was given up may take to send what it still has. */
const FAREWELL_MS = 1_000

/**
 * One connection, which is thrown away at its first loss. postgres.js 3.4.9 cannot be trusted to reconnect: when
 * a connection closes inside a transaction its own ROLLBACK writes to a null socket and ends the process
 * (porsager/postgres issue 1208), later statements may run outside the transaction on a new connection
 * (pull request 1155), a slot that closed with bytes still to be written never sends again, and one that is ended
 * while it waits to connect connects all the same and is forgotten, which keeps the process from ending.
 */
export interface Connection {
  readonly client: postgres.Sql
  readonly openedAt: number
  lost: Error | undefined
  /** Told of the loss: whoever waits for an answer, and the pool. */
  readonly bystanders: Set<(reason: Error) => void>
  /** Each that it opened. */
  readonly sockets: Set<Socket>
}

type Options = postgres.Options<Record<string, postgres.PostgresType>>

export function openConnection(options: Options): Connection {
  const connection: Connection = {
    client: postgres({
      ...options,
      max: 1,
      socket: () => openSocket(connection, options as never),
      onclose: () => lose(connection, poolFault('CONNECTION_CLOSED')),
    } as Options),
    openedAt: performance.now(),
    lost: undefined,
    bystanders: new Set(),
    sockets: new Set(),
  }
  return connection
}

/**
 * A socket to the next of the hosts, not open yet: what is written waits. What is short does not wait for the server to
 * have confirmed what went before it: over TCP a short COPY took 90 ms. TLS takes the server's name from `host`. When
 * the last host fails the connection is lost: postgres.js would go round them without end, and listens to the socket
 * too late for a fault that comes at once.
 */
function openSocket(
  connection: Connection,
  { path, host, port }: { path: string | false; host: string[]; port: number[] },
): Socket {
  const { lost, sockets } = connection
  if (lost !== undefined) throw lost
  const place = sockets.size % host.length
  const to = { host: host[place], port: port[place] }
  const socket = path === false ? createConnection({ ...to, noDelay: true } as never) : createConnection(path)
  sockets.add(socket)
  const isLast = path !== false || sockets.size >= host.length
  socket.on('error', (error) => isLast && lose(connection, unavailable(error)))
  return Object.assign(socket, { host: to.host })
}

/** The open socket; undefined where postgres.js may have put TLS over it, and only it knows that. */
export function plainSocket({ client, sockets }: Connection): Socket | undefined {
  return client.options.ssl ? undefined : [...sockets].at(-1)
}

export function lose(connection: Connection, reason: Error): void {
  if (connection.lost !== undefined) return
  connection.lost = reason
  for (const tell of connection.bystanders) tell(reason)
  connection.bystanders.clear()
  connection.client
    .end({ timeout: 0 })
    .catch(() => {})
    .finally(() => {
      for (const socket of connection.sockets) {
        socket.destroySoon()
        setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
      }
    })
}

/**
 * The answer, or an error when the connection is lost or `answerMs` have passed. The server bounds its statements
 * itself; this one is for a server or a network which has stopped answering at all. Such a connection is
 * given up, because nobody knows what it is doing.
 */
export async function ask<T>(
  connection: Connection,
  answerMs: number,
  start: () => PromiseLike<T>,
): Promise<T> {
  if (connection.lost !== undefined) throw connection.lost
  const timer = setTimeout(() => lose(connection, poolFault('NO_ANSWER')), answerMs)
  try {
    return await untilLost(connection, start())
  } catch (error) {
    if (isConnectionFault(error)) lose(connection, unavailable(error))
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/**
 * A transaction on the connection. Once the connection is lost nothing more is sent, not even ROLLBACK: work that
 * ends then is left pending for postgres.js, while the caller has already been told.
 */
export async function transact<T>(
  connection: Connection,
  answerMs: number,
  work: (tx: TransactionSql) => Promise<T>,
): Promise<T> {
  const watch = () => setTimeout(() => lose(connection, poolFault('NO_ANSWER')), answerMs)
  let timer = watch()
  let begun = false
  async function guarded(tx: TransactionSql): Promise<T> {
    clearTimeout(timer)
    begun = true
    try {
      return await unlessLost(connection, work(tx))
    } finally {
      timer = watch()
    }
  }
  try {
    return (await untilLost(connection, connection.client.begin(guarded))) as T
  } catch (error) {
    if (!begun) lose(connection, unavailable(error))
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Settles like the work, except that it never settles once the connection is lost. */
export async function unlessLost<T>(connection: Connection, work: Promise<T>): Promise<T> {
  const [outcome] = await Promise.allSettled([work])
  if (connection.lost !== undefined) return new Promise(() => {})
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

/** Settles like the answer, or fails as soon as the connection is lost. */
export function untilLost<T>(connection: Connection, answer: PromiseLike<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    if (connection.lost !== undefined) reject(connection.lost)
    connection.bystanders.add(reject)
    answer.then(resolve, reject).then(() => connection.bystanders.delete(reject))
  })
}
