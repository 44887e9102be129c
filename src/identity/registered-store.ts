import { sql } from 'drizzle-orm'
import type { Queryable } from '../kernel/database.ts'
import { type FormerId, formerIdOf } from './find-person.ts'
import type { FormerRow } from './merge-store.ts'

/** An active registration of a region, as far as what was said under it goes. */
export interface Registered {
  localId: string
  /** When the region gave the id. */
  since: Date
  /** As the registration itself says, or one that was merged into it. */
  isDeceased: boolean
  formers: FormerId[]
}

interface RegisteredRow extends Record<string, unknown> {
  localId: string
  since: string
  isDeceased: boolean
  formers: Pick<FormerRow, 'localId' | 'since' | 'mergedAt'>[] | null
}

/** Those of the region's ids that are registered and active, in their order. */
export async function findRegistered(
  db: Queryable,
  region: string,
  localIds: readonly string[],
): Promise<Registered[]> {
  const rows = await db.execute<RegisteredRow>(sql`
    select r.local_id as "localId", r.created_at as since, former.ids as formers,
           coalesce(r.features ->> 'deceasedOn', r.features ->> 'deathFrom') is not null or coalesce(former.is_deceased, false) as "isDeceased"
      from registration r
      left join lateral (
        select json_agg(json_build_object(
                 'localId', m.local_id, 'since', m.since, 'mergedAt', m.merged_at)) as ids,
               bool_or(m.deceased_on is not null) as is_deceased
          from merged_id m where m.region = r.region and m.survivor = r.local_id) former on true
     where r.region = ${region} and r.local_id = any(${sql.param([...localIds])}::text[]) and r.is_active
     order by r.local_id`)
  return rows.map(({ localId, since, isDeceased, formers }) => ({
    ...{ localId, since: new Date(since), isDeceased },
    formers: (formers ?? []).map((each) => formerIdOf(region, each)),
  }))
}
