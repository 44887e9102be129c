import { and, eq, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import type { PatientId } from './patient-id.ts'
import { isAmong, isPatient } from './patient-store.ts'
import { standingTold } from './standing-tables.ts'

/** What other registrations of the same resident say, merged ones too; `deceasedOn` is a day. */
export interface Standing extends PatientId {
  protected: boolean
  deceasedOn: string | null
}

/**
 * Those whose standing is another than their gateway was last told; from now on it is what was told. Persons, at least
 * one, are parameters of their own while they are few: an array's plan seems dearer to PostgreSQL than one for these
 * values, so it plans anew each time.
 */
export function keepStanding(
  tx: Transaction,
  persons: readonly string[],
  changed: readonly PatientId[],
): Promise<Standing[]> {
  return tx.execute<Standing & Record<string, unknown>>(sql`
    with held as materialized (
      select l.person, l.region, l.local_id, r.is_protected, 
             coalesce(r.features ->> 'deceasedOn', r.features ->> 'deathFrom')::date as deceased_on
        from link l
        join registration r on r.region = l.region and r.local_id = l.local_id
       where ${isAmong(sql`l.person`, persons)}),
    changed as (
      select * from unnest(${sql.param(changed.map(({ region }) => region))}::text[],
                           ${sql.param(changed.map(({ localId }) => localId))}::text[]) as each (region, local_id)),
    said as (
      select * from held
      union all
      select held.person, gone.region, gone.local_id, gone.is_protected, gone.deceased_on
        from held join merged_id gone on gone.region = held.region and gone.survivor = held.local_id),
    standing as (
      select mine.region, mine.local_id, coalesce(bool_or(other.is_protected), false) as protected,
             min(other.deceased_on) as deceased_on
        from held mine
        left join said other
          on other.person = mine.person and (other.region, other.local_id) <> (mine.region, mine.local_id)
       group by mine.region, mine.local_id
      union all
      select region, local_id, false, null from changed
       where not exists (
         select from held where held.region = changed.region and held.local_id = changed.local_id))
    insert into standing_told (region, local_id, protected, deceased_on)
    select now.region, now.local_id, now.protected, now.deceased_on
      from standing now
      left join standing_told told on told.region = now.region and told.local_id = now.local_id
     where (now.protected, now.deceased_on) is distinct from (coalesce(told.protected, false), told.deceased_on)
        on conflict (region, local_id)
        do update set protected = excluded.protected, deceased_on = excluded.deceased_on
    returning region, local_id as "localId", protected, deceased_on::text as "deceasedOn"`)
}

/** Whether another registration of the same resident says that they are protected. */
export async function isProtectedElsewhere(db: Queryable, id: PatientId): Promise<boolean> {
  return (
    (await db.$count(standingTold, and(isPatient(standingTold, id), eq(standingTold.protected, true)))) > 0
  )
}
