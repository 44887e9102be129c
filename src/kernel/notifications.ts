import { setTimeout as wait } from 'node:timers/promises'
import { ask, lose, openConnection } from './connection.ts'
import { type DatabaseTarget, openDriver } from './database.ts'
import { poolFault } from './database-refusal.ts'
import { must } from './must.ts'

const ANSWER_MS = 5_000
const AGAIN_MS = 250

/**
 * Calls back with the payload of every NOTIFY on the channel, over a connection of its own, until disposed. A
 * connection that is lost is thrown away and another opened; what was said in between is not heard. postgres.js's
 * own `listen` may open two sockets when the server comes back, forget one, and keep the process from ending.
 */
export function listenTo(
  target: DatabaseTarget,
  channel: string,
  told: (payload: string) => void,
): AsyncDisposable {
  must(/^[a-z_]+$/.test(channel), 'a channel has a plain name')
  const { options } = openDriver(target)
  const stop = new AbortController()

  async function listenOnce(): Promise<void> {
    const onnotify = (_channel: string, payload: string) => told(payload)
    const connection = openConnection({ ...options, onnotify } as never)
    const gone = new Promise<unknown>((resolve) => connection.bystanders.add(resolve))
    const stopped = () => lose(connection, poolFault('POOL_CLOSED'))
    stop.signal.addEventListener('abort', stopped)
    try {
      await ask(connection, ANSWER_MS, () => connection.client.unsafe(`listen ${channel}`))
      await gone
    } catch (error) {
      lose(connection, error as Error)
    } finally {
      stop.signal.removeEventListener('abort', stopped)
    }
  }

  async function listening(): Promise<void> {
    while (!stop.signal.aborted) {
      await listenOnce()
      await wait(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
  }

  const running = listening()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
