import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { testDatabase } from '../support/test-database.ts'

test('two tests have two databases', async () => {
  await using one = await testDatabase('empty')
  await using other = await testDatabase('empty')
  await one.db.execute(sql`create table kept (id int)`)
  expect(await other.db.execute(sql`select to_regclass('kept') as kept`)).toMatchObject([{ kept: null }])
})
