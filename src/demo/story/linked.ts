import { sql } from 'drizzle-orm'
import { STORY, STORY_ROLES } from '../world/index.ts'
import { count, withHubDatabase } from './hub-database.ts'
import { expectThat, type Step } from './step.ts'

export const linked: readonly Step[] = [
  {
    ja: '登録をファイルと送信で、同意・受診を送信で受け取り、名寄せする',
    en: 'Registrations, from files and by feed, consents and visits are taken in and linked',
    run: (demo) =>
      withHubDatabase(demo, async (db) => {
        const registrations = await count(db, sql`select count(*) as n from registration`)
        const persons = await count(db, sql`select count(distinct person) as n from link`)
        const consents = await count(db, sql`select count(*) as n from consent`)
        const visits = await count(db, sql`select count(*) as n from visit`)
        expectThat(
          registrations === demo.world.registrations.length,
          `${registrations} registrations are kept`,
        )
        expectThat(consents === demo.world.consents.length, `${consents} consents are kept`)
        expectThat(persons < registrations && persons >= demo.world.residents.length, `${persons} persons`)
        return `${registrations} registrations are ${persons} persons; ${consents} consents, ${visits} visits`
      }),
  },
  {
    ja: '物語の住民はそれぞれ一人に名寄せされ、別人とは結ばれない',
    en: 'Each resident of the story is one person, and nobody else',
    run: (demo) =>
      withHubDatabase(demo, async (db) => {
        for (const role of STORY_ROLES) {
          const ids = Object.entries(STORY[role].localIds)
          const held = await Promise.all(ids.map(([region, localId]) => personOf(db, region, localId)))
          expectThat(new Set(held).size === 1, `${role} is ${new Set(held).size} persons`)
          const size = await count(db, sql`select count(*) as n from link where person = ${held[0] ?? ''}`)
          expectThat(size === ids.length, `${role} has ${size} registrations`)
        }
        return `${STORY_ROLES.length} residents, one person each, with their own registrations only`
      }),
  },
]

async function personOf(db: Parameters<typeof count>[0], region: string, localId: string): Promise<string> {
  const [row] = await db.execute<{ person: string }>(sql`
    select person from link where region = ${region} and local_id = ${localId}`)
  return row?.person ?? `${region} has no link`
}
