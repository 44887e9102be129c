import { eq, isNotNull, sql } from 'drizzle-orm'
import { binaryRows } from '../../kernel/binary-rows.ts'
import { copyInto } from '../../kernel/copy-into.ts'
import type { Queryable, Transaction } from '../../kernel/database.ts'
import { must } from '../../kernel/must.ts'
import type { Held } from '../link-store.ts'
import { refOf } from '../patient-id.ts'
import { type Declared, declaredPair } from '../review-tables.ts'
import { link, person, possibleLink } from '../tables.ts'

/** A registration that comes to a person, or whose rule changed. */
export interface LinkChange {
  region: string
  localId: string
  before: string | null
  person: string
  rule: string | null
}

export type PossibleRow = Omit<typeof possibleLink.$inferInsert, 'explanation'> & { explanation: string }

/** Every link there is. */
export async function listHeld(db: Queryable): Promise<Held[]> {
  const rows = await db
    .select({ link, since: person.createdAt })
    .from(link)
    .innerJoin(person, eq(person.id, link.person))
  return rows.map((row) => ({
    ref: refOf(row.link),
    person: row.link.person,
    rule: row.link.rule,
    since: row.since,
  }))
}

/** Everything that people have decided and not taken back. */
export async function findAllDeclared(
  db: Queryable,
): Promise<{ a: string; b: string; said: Declared | null }[]> {
  const rows = await db.select().from(declaredPair).where(isNotNull(declaredPair.declared))
  return rows.map((row) => ({
    a: refOf({ region: row.regionA, localId: row.localIdA }),
    b: refOf({ region: row.regionB, localId: row.localIdB }),
    said: row.declared,
  }))
}

/** Persons who are new, in the order of their ids: so the index takes them fastest. */
export async function insertPersons(tx: Transaction, ids: readonly string[], at: Date): Promise<void> {
  const rows = binaryRows()
  for (const id of ids.toSorted()) {
    rows.row(2)
    rows.text(id)
    rows.time(at)
  }
  await copyInto(tx, 'person (id, created_at)', [rows.finish()])
}

/**
 * Runs what writes the first links of all. What the database checks of each statement's rows, which takes twice as
 * long as writing them, it checks of all rows at once at the end: to a trigger a registration is a look-up, to this a
 * line of two lists. Until the transaction ends nobody else writes a link.
 */
export async function withLinksCheckedAtOnce(tx: Transaction, write: () => Promise<void>): Promise<void> {
  await tx.execute(sql`alter table link disable trigger link_made`)
  await write()
  await tx.execute(sql`alter table link enable trigger link_made`)
  // Whatever looks up one by one, or reads in an order that rows do not lie in, takes longer than reading all.
  await plansByHash(tx, true)
  // Counted, which PostgreSQL does on several cores; to ask whether there is one it reads the registrations on one.
  const [found] = await tx.execute<{ lost: string }>(sql`
    select (select count(*) from link where not exists (select from person where person.id = link.person))
         + (select count(*) from link where not exists (
              select from registration each where each.region = link.region and each.local_id = link.local_id))
        as lost`)
  must(found?.lost === '0', 'a link is of a registration, to a person')
  await plansByHash(tx, false)
}

async function plansByHash(tx: Transaction, isAlone: boolean): Promise<void> {
  const other = isAlone ? 'off' : 'on'
  await tx.execute(
    sql`select set_config('enable_nestloop', ${other}, true), set_config('enable_mergejoin', ${other}, true)`,
  )
}

/** Events that say why, as `event-rows.ts` writes them. */
export async function insertEvents(tx: Transaction, events: Uint8Array): Promise<void> {
  await copyInto(tx, 'link_event (region, local_id, before, after, rule, explanation, at)', [events])
}

/** Links of whoever has none. Nobody else makes any meanwhile: whoever links everybody does so alone. */
export async function insertLinks(tx: Transaction, changes: readonly LinkChange[], at: Date): Promise<void> {
  if (changes.length === 0) return
  const rows = binaryRows()
  for (const { region, localId, person, rule } of changes) {
    rows.row(5)
    rows.text(region)
    rows.text(localId)
    rows.text(person)
    rows.text(rule)
    rows.time(at)
  }
  await copyInto(tx, 'link (region, local_id, person, rule, decided_at)', [rows.finish()])
}

/** Links that come to another person, or of another rule. */
export async function updateLinks(tx: Transaction, changes: readonly LinkChange[], at: Date): Promise<void> {
  if (changes.length === 0) return
  const column = (of: (change: LinkChange) => string | null) => sql.param(changes.map(of))
  await tx.execute(sql`
    insert into ${link} (region, local_id, person, rule, decided_at)
    select region, local_id, person, rule, ${at.toISOString()}::timestamptz
      from unnest(${column((each) => each.region)}::text[], ${column((each) => each.localId)}::text[],
                  ${column((each) => each.person)}::text[], ${column((each) => each.rule)}::text[])
        as made (region, local_id, person, rule)
    on conflict (region, local_id)
    do update set person = excluded.person, rule = excluded.rule, decided_at = excluded.decided_at`)
}

/** Everything that waits for a person, instead of what waited before; whoever waited already waits since then. */
export async function replaceAllPossible(tx: Transaction, rows: readonly PossibleRow[]): Promise<void> {
  await tx.execute(sql`
    create temporary table waited on commit drop as
    select region_a, local_id_a, region_b, local_id_b, since, item from possible_link`)
  await tx.execute(sql`delete from possible_link`)
  const CHUNK = 5_000
  for (let at = 0; at < rows.length; at += CHUNK) {
    const some = rows.slice(at, at + CHUNK)
    const column = (of: (row: PossibleRow) => string | null) => sql.param(some.map(of))
    await tx.execute(sql`
      insert into ${possibleLink}
        (region_a, local_id_a, region_b, local_id_b, rule, vetoes, explanation, item, since)
      select made.region_a, made.local_id_a, made.region_b, made.local_id_b, made.rule, string_to_array(made.vetoes, ' '),
             made.explanation::jsonb, coalesce(waited.item, made.item), coalesce(waited.since, made.since::timestamptz)
        from unnest(${column((each) => each.regionA)}::text[], ${column((each) => each.localIdA)}::text[],
                    ${column((each) => each.regionB)}::text[], ${column((each) => each.localIdB)}::text[],
                    ${column((each) => each.rule ?? null)}::text[], ${column((each) => each.vetoes.join(' '))}::text[],
                    ${column((each) => each.explanation)}::text[], ${column((each) => each.item)}::text[],
                    ${column((each) => each.since.toISOString())}::text[])
          as made (region_a, local_id_a, region_b, local_id_b, rule, vetoes, explanation, item, since)
        left join waited using (region_a, local_id_a, region_b, local_id_b)`)
  }
}

/** Raises the epochs of persons about whom something changed, in one order. */
export async function raiseAllEpochs(tx: Transaction, persons: readonly string[]): Promise<void> {
  if (persons.length === 0) return
  await tx.execute(sql`
    insert into epoch (kind, key, value)
    select 'person', id, 1 from unnest(${sql.param([...persons].sort())}::text[]) as changed (id) order by id
    on conflict (kind, key) do update set value = epoch.value + 1`)
}
