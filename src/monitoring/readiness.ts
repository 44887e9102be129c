import { sql } from 'drizzle-orm'
import type { Context } from '../kernel/context.ts'
import { pendingMigrations, type Side } from '../kernel/database.ts'

/** What keeps the process from taking work; empty when it is ready. A region that is down does not. */
export async function unreadyReasons(context: Context, sides: readonly Side[]): Promise<string[]> {
  try {
    await context.db.execute(sql`select 1`)
    return (await pendingMigrations(context.db, sides)) > 0 ? ['migrations-pending'] : []
  } catch {
    return ['database-unreachable']
  }
}
