import type { Context } from '../../src/kernel/context.ts'
import { openLog, silentLog } from '../../src/kernel/events.ts'
import { type TemplateKind, type TestDatabase, testDatabase } from './test-database.ts'

/** Noon in Tokyo of a working day, for tests that do not care about the time. */
export const NOON = new Date('2026-06-01T12:00:00+09:00')

/** A context on a database of its own; `await using` drops the database when the test ends. */
export async function testContext(
  kind: TemplateKind = 'hub',
  overrides: Partial<Context> = {},
): Promise<TestDatabase & { context: Context }> {
  const test = await testDatabase(kind)
  return {
    ...test,
    context: {
      db: test.db,
      now: () => NOON,
      log: process.env.TEST_LOG === undefined ? silentLog() : openLog('warn'),
      ...overrides,
    },
  }
}
