import type { Database } from './database.ts'
import type { Log } from './events.ts'

/** What every verb is given first: nothing is imported that could be passed. */
export interface Context {
  db: Database
  now: () => Date
  log: Log
}
