import type postgres from 'postgres'
import { type Connection, lose, openConnection } from './connection.ts'
import { poolFault } from './database-refusal.ts'

const IDLE_MS = 300_000
const LIFETIME_MS = 1_800_000
const WAIT_MS = 1_000
const WAITING_MAX = 1_000

export interface ConnectionPool {
  /** Runs the work on a connection of its own, and waits at most a second for one. */
  lend<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  /** Lets work under way finish for so long, then drops it. */
  close(timeoutMs: number): Promise<void>
}

/**
 * At most so many connections, each for one caller at a time. postgres.js's own pool lets waiters wait for ever
 * and queues statements behind strangers' slow ones on the same connection.
 */
export function openPool(
  options: postgres.Options<Record<string, postgres.PostgresType>>,
  connectionsMax: number,
): ConnectionPool {
  const connections = new Set<Connection>()
  const idle: { connection: Connection; timer: NodeJS.Timeout }[] = []
  const waiting = new Set<(connection: Connection | undefined) => void>()
  let closing = false

  async function borrow(): Promise<Connection> {
    if (closing) throw poolFault('POOL_CLOSED')
    const free = idle.pop()
    if (free !== undefined) {
      clearTimeout(free.timer)
      return free.connection
    }
    if (connections.size < connectionsMax) return open()
    if (waiting.size >= WAITING_MAX) throw poolFault('POOL_EXHAUSTED')
    return wait()
  }

  function wait(): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => serve(undefined), WAIT_MS)
      function serve(connection: Connection | undefined): void {
        waiting.delete(serve)
        clearTimeout(timer)
        if (connection === undefined) reject(poolFault(closing ? 'POOL_CLOSED' : 'POOL_EXHAUSTED'))
        else resolve(connection)
      }
      waiting.add(serve)
    })
  }

  function open(): Connection {
    const connection = openConnection(options)
    connections.add(connection)
    connection.bystanders.add(() => forget(connection))
    return connection
  }

  /** Its place is free at once, for whoever waits longest. */
  function forget(connection: Connection): void {
    connections.delete(connection)
    const place = idle.findIndex((each) => each.connection === connection)
    if (place !== -1) clearTimeout(idle.splice(place, 1)[0]?.timer)
    const [next] = waiting
    if (!closing && next !== undefined) next(open())
  }

  function giveBack(connection: Connection): void {
    if (connection.lost !== undefined) return
    const [next] = waiting
    if (closing || performance.now() - connection.openedAt > LIFETIME_MS)
      lose(connection, poolFault('POOL_CLOSED'))
    else if (next !== undefined) next(connection)
    else
      idle.push({
        connection,
        timer: setTimeout(() => lose(connection, poolFault('POOL_CLOSED')), IDLE_MS).unref(),
      })
  }

  return {
    async lend(work) {
      const connection = await borrow()
      try {
        return await work(connection)
      } finally {
        giveBack(connection)
      }
    },
    async close(timeoutMs) {
      closing = true
      for (const refuse of waiting) refuse(undefined)
      for (const { connection } of [...idle]) lose(connection, poolFault('POOL_CLOSED'))
      const busy = [...connections].map((each) => new Promise<unknown>((done) => each.bystanders.add(done)))
      const timer = setTimeout(
        () => [...connections].map((each) => lose(each, poolFault('POOL_CLOSED'))),
        timeoutMs,
      )
      await Promise.all(busy)
      clearTimeout(timer)
    },
  }
}
