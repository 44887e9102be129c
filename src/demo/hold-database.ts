import { openDriver } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'

/** Any number that means this and nothing else on the database that DATABASE_URL names. */
const LOCK = 7_150_042
/** As much of a session's name as PostgreSQL keeps. */
const NAME_CHARS_MAX = 63

const RUNNING = {
  ja: 'DATABASE_URL のデータベースでは別のデモが動いています。そのデモを終了するか、DATABASE_URL に別のデータベースを設定してください。',
  en: 'Another demonstration runs on the database of DATABASE_URL. Stop it, or set DATABASE_URL to another database.',
}

/**
 * One demonstration a database of DATABASE_URL, whatever folders they have: each start makes the databases beside it
 * anew. The lock is the session's, so it ends with its holder; the session's name says whom to stop.
 */
export async function holdDatabase(databaseUrl: string, folder: string): Promise<AsyncDisposable> {
  const session = openDriver({ url: databaseUrl })
  const close = () => session.end({ timeout: 1 })
  try {
    const name = `demo PID ${process.pid} ${folder}`.slice(0, NAME_CHARS_MAX)
    await session`select set_config('application_name', ${name}, false)`
    const [tried] = await session<{ held: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as held`
    if (tried?.held === true) return { [Symbol.asyncDispose]: close }
    const [holder] = await session<{ name: string; address: string | null }[]>`
      select a.application_name as name, host(a.client_addr) as address
        from pg_locks l join pg_stat_activity a using (pid)
       where l.locktype = 'advisory' and l.objid = ${LOCK} and l.granted
         and l.database = (select oid from pg_database where datname = current_database())`
    const at = [holder?.name ?? 'demo', holder?.address].filter(Boolean).join(', ')
    throw new HubError('conflict', 'demo-running', RUNNING, { at })
  } catch (error) {
    await close()
    throw error
  }
}
