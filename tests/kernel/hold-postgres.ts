import { sql } from 'drizzle-orm'
import { openDatabase } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'

/** A process which opens the folder, says since when the server runs, and does as told: to be killed by tests. */
const [folder = '', ending] = process.argv.slice(2)
const postgres = await openEmbeddedPostgres(folder, { settings: { fsync: 'off' } })
const db = openDatabase(postgres.target('postgres'), { connectionsMax: 1 })
const [server] = await db.execute(sql`select pg_postmaster_start_time()::text as started`)
console.log(JSON.stringify(server))
if (ending === 'stay') setInterval(() => {}, 60_000)
else await db.close()
