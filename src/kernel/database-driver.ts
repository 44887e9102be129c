import type postgres from 'postgres'
import { ask, type Connection, plainSocket, transact, unlessLost, untilLost } from './connection.ts'
import type { ConnectionPool } from './connection-pool.ts'
import { type CopyingDriver, copied } from './copy-into.ts'
import { must } from './must.ts'

type Arguments = Parameters<postgres.Sql['unsafe']>
type Work<T> = (tx: postgres.TransactionSql) => Promise<T>

/**
 * What drizzle asks of postgres.js, and no more: statements, transactions, savepoints and the type tables; beside it
 * COPY within a transaction. Each goes through the pool and its bounds.
 */
export function driverOf(template: postgres.Sql, pool: ConnectionPool, answerMs: number): postgres.Sql {
  const driver = {
    options: template.options,
    unsafe: (...statement: Arguments) =>
      lazily((shape) =>
        pool.lend((connection) =>
          ask(connection, answerMs, () => rowsOf(shape(connection.client.unsafe(...prepared(statement))))),
        ),
      ),
    begin: <T>(work: Work<T>) =>
      pool.lend((connection) =>
        transact(connection, answerMs, (tx) => within(connection, tx, answerMs, work)),
      ),
  }
  return driver as unknown as postgres.Sql
}

/**
 * The work with a transaction, or a savepoint, of its own. Whatever it left running may send nothing afterwards: the
 * connection is somebody else's then, and the statement would be part of a stranger's transaction.
 */
async function within<T>(
  connection: Connection,
  tx: postgres.TransactionSql,
  answerMs: number,
  work: Work<T>,
): Promise<T> {
  let isOver = false
  const checkOpen = () => {
    if (connection.lost !== undefined) throw connection.lost
    must(!isOver, 'no statement follows the end of its transaction')
  }
  const copying: CopyingDriver = {
    async copy(statement, chunks) {
      checkOpen()
      const socket = plainSocket(connection)
      await ask(connection, answerMs, () => copied(tx.unsafe(statement), chunks, socket))
    },
  }
  const driver = {
    ...copying,
    unsafe: (...statement: Arguments) =>
      lazily(async (shape) => {
        checkOpen()
        return ask(connection, answerMs, () => rowsOf(shape(tx.unsafe(...prepared(statement)))))
      }),
    savepoint: async <S>(nested: Work<S>) => {
      checkOpen()
      const inside = (inner: postgres.TransactionSql) =>
        unlessLost(connection, within(connection, inner, answerMs, nested))
      return untilLost(connection, tx.savepoint(inside))
    },
  }
  try {
    return await work(driver as unknown as postgres.TransactionSql)
  } finally {
    isOver = true
  }
}

/**
 * A statement with parameters is prepared once a connection: one round trip instead of two, and planned once
 * instead of each time. What is sent without any goes as it is, and may be several statements.
 */
function prepared([text, parameters = []]: Arguments): Arguments {
  return [text, parameters, { prepare: parameters.length > 0 }]
}

type Shape = (query: postgres.PendingQuery<postgres.Row[]>) => PromiseLike<unknown[]>

/**
 * The rows, taken out of the driver's own array: what was asked before keeps that one reachable for collections of young
 * objects, so that each of them copied every row since the last full one, up to 20 ms at a time.
 */
async function rowsOf(answer: PromiseLike<unknown[]>): Promise<unknown[]> {
  return (await answer).splice(0)
}

/** Drizzle takes rows as objects, or asks for `.values()` in the same breath; so the statement starts after it. */
function lazily(run: (shape: Shape) => Promise<unknown>): Promise<unknown> & { values(): Promise<unknown> } {
  let shape: Shape = (query) => query
  const answer = Promise.resolve().then(() => run((query) => shape(query)))
  const values = () => {
    shape = (query) => query.values()
    return answer
  }
  return Object.assign(answer, { values })
}
