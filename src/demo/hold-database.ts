import { setTimeout as wait } from 'node:timers/promises'
import { ask, type Connection, lose, openConnection } from '../kernel/connection.ts'
import { openDriver } from '../kernel/database.ts'
import { poolFault } from '../kernel/database-refusal.ts'
import { HubError } from '../kernel/hub-error.ts'

/** Any number that means this and nothing else on the database that DATABASE_URL names. */
const LOCK = 7_150_042
/** As much of a session's name as PostgreSQL keeps. */
const NAME_CHARS_MAX = 63
const ANSWER_MS = 5_000
const AGAIN_MS = 250

const RUNNING = {
  ja: 'DATABASE_URL のデータベースでは別のデモが動いています。そのデモを終了するか、DATABASE_URL に別のデータベースを設定してください。',
  en: 'Another demonstration runs on the database of DATABASE_URL. Stop it, or set DATABASE_URL to another database.',
}

export interface HeldDatabase extends AsyncDisposable {
  /** Resolves when the session was lost, and another demonstration has begun before it could be had again. */
  readonly taken: Promise<void>
}

/**
 * One demonstration a database of DATABASE_URL, whatever folders they have: each start makes the databases beside it
 * anew. The lock is the session's, so it ends with its holder, and is taken again when the session was lost; the
 * session's name says whom to stop.
 */
export async function holdDatabase(databaseUrl: string, folder: string): Promise<HeldDatabase> {
  const name = `demo PID ${process.pid} ${folder}`.slice(0, NAME_CHARS_MAX)
  const first = await tryToHold(databaseUrl, name)
  if ('holder' in first) throw new HubError('conflict', 'demo-running', RUNNING, { at: first.holder })
  const stop = new AbortController()
  const taken = Promise.withResolvers<void>()

  async function holdOn(held: Connection): Promise<void> {
    const stopped = () => lose(held, poolFault('POOL_CLOSED'))
    stop.signal.addEventListener('abort', stopped)
    await new Promise<unknown>((resolve) => {
      if (held.lost === undefined) held.bystanders.add(resolve)
      else resolve(held.lost)
    })
    stop.signal.removeEventListener('abort', stopped)
  }

  async function holding(): Promise<void> {
    let held: Connection | undefined = first as Connection
    while (!stop.signal.aborted) {
      if (held !== undefined) await holdOn(held)
      if (stop.signal.aborted) return
      const again = await tryToHold(databaseUrl, name).catch(() => undefined)
      held = again === undefined || 'holder' in again ? undefined : again
      // A session of our own that the server has not missed yet still holds it.
      if (again !== undefined && 'holder' in again && !again.holder.startsWith(name)) return taken.resolve()
      if (held === undefined) await wait(AGAIN_MS, undefined, { signal: stop.signal }).catch(() => {})
    }
    if (held !== undefined) lose(held, poolFault('POOL_CLOSED'))
  }

  const running = holding()
  return {
    taken: taken.promise,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

/** A session that holds the lock, or the name and address of whose does. */
async function tryToHold(url: string, name: string): Promise<Connection | { holder: string }> {
  const { options } = openDriver({ url })
  const session = openConnection(options as never)
  const { client } = session
  try {
    const [tried] = await ask(session, ANSWER_MS, async () => {
      await client`select set_config('application_name', ${name}, false)`
      return client<{ isHeld: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as "isHeld"`
    })
    if (tried?.isHeld === true) return session
    const [holder] = await ask(
      session,
      ANSWER_MS,
      () => client<{ name: string; address: string | null }[]>`
      select a.application_name as name, host(a.client_addr) as address
        from pg_locks l join pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.objid = ${LOCK} and l.granted
         and l.database = (select oid from pg_database where datname = current_database())`,
    )
    lose(session, poolFault('POOL_CLOSED'))
    return { holder: [holder?.name ?? 'demo', holder?.address].filter(Boolean).join(', ') }
  } catch (error) {
    lose(session, poolFault('POOL_CLOSED'))
    throw error
  }
}
