import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { deathIn } from './death-from.ts'
import { mergedId } from './merge-tables.ts'
import type { PatientId } from './patient-id.ts'
import type { PatientColumns } from './patient-store.ts'
import type { RegistrationRow } from './store.ts'

/** An id that was merged, in however many steps, into a registration; times as text. */
export interface FormerRow {
  localId: string
  since: string
  /** When the last of the merges that lead to the registration was told. */
  mergedAt: string
  isProtected: boolean
  deceasedOn: string | null
}

/** Ids merged into the registration of a row, for a statement that reads it anyway: all is of one moment. */
export function formersOf({ region, localId }: PatientColumns): SQL<FormerRow[] | null> {
  return sql`(
    select json_agg(json_build_object(
      'localId', former.local_id, 'since', former.since, 'mergedAt', former.merged_at,
      'isProtected', former.is_protected, 'deceasedOn', former.deceased_on))
      from ${mergedId} former where former.region = ${region} and former.survivor = ${localId})`
}

/** The ids of one resident that merges hold together, and when the last of the merges was told. */
export interface Merged {
  localIds: string[]
  mergedAt: Date
}

/** Of a merged id, or one that replaced others; undefined of any other. */
export async function findMerged(db: Queryable, { region, localId }: PatientId): Promise<Merged | undefined> {
  const rows = await db.execute<{ localId: string; survivor: string; mergedAt: string }>(sql`
    select local_id as "localId", survivor, merged_at as "mergedAt" from merged_id
     where region = ${region} and survivor = coalesce(
       (select survivor from merged_id where region = ${region} and local_id = ${localId}), ${localId})`)
  const [first] = rows
  if (first === undefined) return undefined
  const times = rows.map(({ mergedAt }) => new Date(mergedAt).getTime())
  return {
    localIds: [first.survivor, ...rows.map((row) => row.localId)],
    mergedAt: new Date(Math.max(...times)),
  }
}

/** Whether other ids were merged into this one; it need not be registered. */
export async function isSurvivor(db: Queryable, { region, localId }: PatientId): Promise<boolean> {
  return (await db.$count(mergedId, and(eq(mergedId.region, region), eq(mergedId.survivor, localId)))) > 0
}

/**
 * Keeps that the id, and whoever led to it, leads to the survivor. A message that merges says little else, so what
 * protected the id and a death told of it go on counting. Gives the ids that did not lead there before.
 */
export async function putMerge(
  tx: Transaction,
  { row, known, survivor }: { row: RegistrationRow; known: RegistrationRow | undefined; survivor: string },
  at: Date,
): Promise<string[]> {
  const { region, localId } = row
  const moment = sql`${at.toISOString()}::timestamptz`
  const rows = await tx.execute<{ localId: string }>(sql`
    with held as (
      select survivor from merged_id where region = ${region} and local_id = ${localId}),
    led as (
      update merged_id set survivor = ${survivor}, merged_at = greatest(merged_at, ${moment})
       where region = ${region} and survivor = ${localId}
      returning local_id),
    own as (
      insert into merged_id as kept (region, local_id, survivor, since, merged_at, is_protected, deceased_on)
      values (
        ${region}, ${localId}, ${survivor}, ${row.createdAt.toISOString()}::timestamptz, ${moment},
        ${row.isProtected || known?.isProtected === true},
        ${deathIn(row.features) ?? deathIn(known?.features) ?? null}::date)
      on conflict (region, local_id) do update set
        survivor = excluded.survivor,
        merged_at = case when kept.survivor = excluded.survivor then kept.merged_at else excluded.merged_at end,
        is_protected = kept.is_protected or excluded.is_protected,
        deceased_on = coalesce(excluded.deceased_on, kept.deceased_on)
      returning local_id)
    select local_id as "localId" from led
    union all
    select local_id from own where not exists (select from held where survivor = ${survivor})`)
  return rows.map((each) => each.localId)
}

/**
 * Dates merges no earlier than what was said under the survivor before them: clocks differ, and a merge may have
 * waited. Whoever calls this holds the epoch of the survivor's person, so that no word comes in between.
 */
export async function dateMerges(
  tx: Transaction,
  region: string,
  localIds: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    update merged_id set merged_at = greatest(merged_at, (
           select max(received_at) from consent
            where consent.region = merged_id.region and consent.local_id = merged_id.survivor))
     where region = ${region} and local_id = any(${sql.param([...localIds])}::text[])`)
}

/** Takes the merge of an id back, with what counted of it; whoever led through it leads to it from now on. */
export async function endMerge(tx: Transaction, { region, localId }: PatientId): Promise<void> {
  await tx.execute(sql`
    with recursive own as (
      delete from merged_id where region = ${region} and local_id = ${localId} returning survivor),
    through (local_id) as (
      select ${localId}::text
      union
      select led.local_id
        from through
        join registration led on led.region = ${region} and led.replaced_by = through.local_id
       where led.local_id in (
         select local_id from merged_id where region = ${region} and survivor = (select survivor from own)))
    update merged_id set survivor = ${localId}
     where region = ${region} and survivor = (select survivor from own)
       and local_id in (select local_id from through) and local_id <> ${localId}`)
}

/**
 * Takes back the merges that lead to an id, and gives the ids that did. They stay inactive, with what protected them
 * and a death told of them, until they are fed or merged anew; whoever led through them leads to them from now on.
 */
export async function endMergesInto(tx: Transaction, { region, localId }: PatientId): Promise<string[]> {
  const rows = await tx.execute<{ localId: string }>(sql`
    with recursive around as (
      select r.local_id, r.replaced_by
        from merged_id gone
        join registration r on r.region = gone.region and r.local_id = gone.local_id
       where gone.region = ${region} and gone.survivor = ${localId}),
    through (local_id, freed) as (
      select local_id, local_id from around where replaced_by = ${localId}
      union
      select around.local_id, through.freed
        from through join around on around.replaced_by = through.local_id),
    led as (
      update merged_id set survivor = through.freed
        from through
       where merged_id.region = ${region} and merged_id.local_id = through.local_id
         and through.local_id <> through.freed),
    held as (
      delete from merged_id where region = ${region} and local_id in (select freed from through)
      returning local_id, is_protected, deceased_on)
    update registration set
           replaced_by = null,
           is_protected = registration.is_protected or held.is_protected,
           features = case when held.deceased_on is null then features
                      else jsonb_set(features::jsonb, '{deceasedOn}', to_jsonb(held.deceased_on::text))::json end
      from held
     where registration.region = ${region} and registration.local_id = held.local_id
    returning registration.local_id as "localId"`)
  return rows.map((row) => row.localId).sort()
}
