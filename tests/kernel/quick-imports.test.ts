import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const QUICK = new URL('../../src/kernel/quick-imports.ts', import.meta.url).href

/** Imports a schema's two entries of drizzle-orm, and says how often Node itself looked for a file within it. */
const script = `
import { registerHooks } from 'node:module'
let asked = 0
registerHooks({ resolve(specifier, context, next) {
  if (context.parentURL?.includes('drizzle-orm')) asked += 1
  return next(specifier, context)
} })
if (process.argv[1] === 'quick') await import('${QUICK}')
const { is, Table } = await import('drizzle-orm')
const { pgTable, text } = await import('drizzle-orm/pg-core')
console.log(JSON.stringify({ asked, isSame: is(pgTable('note', { id: text() }), Table) }))`

async function imported(how: 'quick' | 'plain'): Promise<{ asked: number; isSame: boolean }> {
  const args = ['--input-type=module', '-e', script, how]
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout)
}

test('Node looks for none of the files within drizzle-orm itself, and the same ones are imported', async () => {
  expect((await imported('plain')).asked).toBeGreaterThan(100)
  expect(await imported('quick')).toEqual({ asked: 0, isSame: true })
})
