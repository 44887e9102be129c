import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, DatabaseTarget } from '../../src/kernel/database.ts'
import { testDatabase } from '../support/test-database.ts'
import { type Ended, runCommand } from './run-command.ts'

/** A migrated database that commands find by their environment, and a folder for their files. */
export interface CommandPlace extends AsyncDisposable {
  db: Database
  folder: string
  environment: Record<string, string>
  run(command: () => Promise<number> | number): Promise<Ended>
}

export async function commandPlace(kind: 'hub' | 'gateway' = 'hub'): Promise<CommandPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-command-'))
  const database = await testDatabase(kind)
  const environment = { TSUNAGI_DATA: folder, ...variablesOf(database.target) }
  return {
    ...{ db: database.db, folder, environment },
    run: (command) => runCommand(environment, command),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A server without a port is named by libpq's variables, beside a URL without a host. */
function variablesOf(target: DatabaseTarget): Record<string, string> {
  if ('url' in target) return { DATABASE_URL: target.url }
  const { socketFolder, database, user } = target
  return { DATABASE_URL: `postgres:///${database}`, PGHOST: socketFolder, PGUSER: user }
}
