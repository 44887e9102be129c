import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { withLinksCheckedAtOnce } from '../../src/identity/bulk/link-store.ts'
import { link } from '../../src/identity/tables.ts'
import { randomId } from '../../src/kernel/ids.ts'
import { present } from '../../src/kernel/must.ts'
import { register, type TestHub, testHub } from '../support/test-hub.ts'

/** What the database refuses, whoever asks it to. */
async function refusal(t: TestHub, statement: ReturnType<typeof sql>): Promise<unknown> {
  const fault = await t.db.execute(statement).then(
    () => undefined,
    (error: unknown) => (error as Error).cause,
  )
  const { code, constraint_name: name } = (fault ?? {}) as { code?: string; constraint_name?: string }
  return [code, name]
}

const linkOf = (localId: string, person: string) => sql`
  insert into link (region, local_id, person, decided_at) values ('minato', ${localId}, ${person}, now())`

test('a link is of a registration that is there, to a person who is there, among others of one statement too', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  const nobody = randomId()
  expect(await refusal(t, linkOf('nobody', nobody))).toEqual(['23503', 'link_to_person'])
  expect(await refusal(t, sql`update link set person = ${nobody}`)).toEqual(['23503', 'link_to_person'])
  const another = sql`
    insert into link (region, local_id, person, decided_at)
    select region, unnest(array[local_id, 'nobody']), person, now() from link
        on conflict (region, local_id) do update set decided_at = excluded.decided_at`
  expect(await refusal(t, another)).toEqual(['23503', 'link_of_registration'])
})

test('neither a registration nor a person goes whom a link names', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  expect(await refusal(t, sql`delete from registration`)).toEqual(['23503', 'link_of_registration'])
  expect(await refusal(t, sql`delete from person`)).toEqual(['23503', 'link_to_person'])
})

test('a registration is of a region that is there', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  const elsewhere = sql`
    insert into registration (region, local_id, version, source, features, norm, is_active, is_protected, created_at, updated_at)
    select 'nowhere', local_id, version, source, features, norm, is_active, is_protected, created_at, updated_at
      from registration`
  expect(await refusal(t, elsewhere)).toEqual(['23503', 'registration_of_region'])
})

test('no region goes, nor is it renamed, in which somebody is registered', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  // A region that nothing else names.
  await t.db.execute(sql`
    insert into region select (jsonb_populate_record(region, '{"id": "bare", "patient_system": "https://bare.example/id"}')).*
      from region where id = 'minato'`)
  await t.db.execute(sql`
    insert into registration select (jsonb_populate_record(registration, '{"region": "bare"}')).* from registration`)
  for (const statement of [
    sql`delete from region where id = 'bare'`,
    sql`update region set id = 'elsewhere' where id = 'bare'`,
  ]) {
    expect(await refusal(t, statement)).toEqual(['23503', 'registration_of_region'])
  }
  expect(await refusal(t, sql`update region set name = 'another'`)).toEqual([undefined, undefined])
})

test('among the first links of all, which are checked at once, one that is lost is found', async () => {
  await using t = await testHub()
  await register(t, 'minato', 'm-1')
  const [held] = await t.db.select().from(link)
  const somebody = present(held, 'the registration is linked').person
  const lost: [string, string][] = [
    ['m-1', randomId()],
    ['nobody', somebody],
  ]
  for (const [localId, person] of lost) {
    const writing = t.db.transaction(async (tx) => {
      await tx.execute(sql`delete from link`)
      await withLinksCheckedAtOnce(tx, async () => {
        await tx.execute(linkOf(localId, person))
      })
    })
    await expect(writing).rejects.toThrow('a link is of a registration, to a person')
  }
  expect(await t.db.select().from(link)).toEqual([held])
  expect(await refusal(t, linkOf('nobody', somebody))).toEqual(['23503', 'link_of_registration'])
})
