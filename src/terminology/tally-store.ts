import { sql } from 'drizzle-orm'
import type { Tally } from '../alignment/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'

/** Adds what was counted to the day's figures; rows in one order, so that two processes never wait for each other. */
export async function addTally(tx: Transaction, day: string, region: string, tally: Tally): Promise<void> {
  await tx.execute(sql`
    insert into alignment_tally (day, region, item, level, count)
    select ${day}::date, ${region}, item, level, count
      from json_to_recordset(${JSON.stringify(tally.levels)}::json) as row (item text, level text, count int)
     order by item, level
    on conflict (region, day, item, level) do update set count = alignment_tally.count + excluded.count`)
  await tx.execute(sql`
    insert into alignment_breach (day, region, rule, count)
    select ${day}::date, ${region}, rule, count
      from json_to_recordset(${JSON.stringify(tally.breaches)}::json) as row (rule text, count int)
     order by rule
    on conflict (region, day, rule) do update set count = alignment_breach.count + excluded.count`)
  await tx.execute(sql`
    insert into alignment_code (day, region, system, code, count)
    select ${day}::date, ${region}, system, code, count
      from json_to_recordset(${JSON.stringify(tally.codes)}::json) as row (system text, code text, count int)
     order by system, code
    on conflict (region, day, system, code) do update set count = alignment_code.count + excluded.count`)
}

interface Since {
  region: string
  since: string
}

export function levelsSince(db: Queryable, { region, since }: Since) {
  return db.execute<{ day: string; item: string; level: string; count: number }>(sql`
    select to_char(day, 'YYYY-MM-DD') as day, item, level, count
      from alignment_tally where region = ${region} and day >= ${since}::date
     order by day, item, level`)
}

export function topBreaches(db: Queryable, { region, since }: Since, most: number) {
  return db.execute<{ rule: string; count: number }>(sql`
    select rule, sum(count)::int as count
      from alignment_breach where region = ${region} and day >= ${since}::date
     group by rule order by 2 desc, 1 limit ${most}`)
}

export function codeCounts(db: Queryable, { region, since }: Since) {
  return db.execute<{ mapped: number; unmapped: number }>(sql`
    select coalesce(sum(count) filter (where code = ''), 0)::int as mapped,
           coalesce(sum(count) filter (where code <> ''), 0)::int as unmapped
      from alignment_code where region = ${region} and day >= ${since}::date`)
}

export function topUnmapped(db: Queryable, { region, since }: Since, most: number) {
  return db.execute<{ system: string; code: string; count: number }>(sql`
    select system, code, sum(count)::int as count
      from alignment_code where region = ${region} and day >= ${since}::date and code <> ''
     group by system, code order by 3 desc, 1, 2 limit ${most}`)
}

/** Figures are kept for as long as a trend is shown. */
export async function dropTalliesBefore(db: Queryable, day: string): Promise<void> {
  await db.execute(sql`delete from alignment_tally where day < ${day}::date`)
  await db.execute(sql`delete from alignment_breach where day < ${day}::date`)
  await db.execute(sql`delete from alignment_code where day < ${day}::date`)
}
