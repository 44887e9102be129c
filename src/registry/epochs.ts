import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { epoch } from './tables.ts'

/** `registry` is the register as a whole, which the database raises by itself. */
export type EpochKind = 'person' | 'region' | 'institution' | 'registry'
export type EpochName = `${EpochKind}:${string}`

/**
 * Says that something a decision rests on has changed: a person's links, consents or flags, a region's policy,
 * keys or stage, an institution's memberships. Takes the row lock that releases share, so a release either
 * committed before this change or sees it.
 */
export async function bumpEpoch(
  tx: Transaction,
  kind: Exclude<EpochKind, 'registry'>,
  key: string,
): Promise<void> {
  await tx
    .insert(epoch)
    .values({ kind, key, value: 1 })
    .onConflictDoUpdate({ target: [epoch.kind, epoch.key], set: { value: sql`${epoch.value} + 1` } })
}

/** The same for several subjects of a kind, in one order for all, so that no two transactions wait for each other. */
export async function bumpEpochs(
  tx: Transaction,
  kind: Exclude<EpochKind, 'registry'>,
  keys: readonly string[],
): Promise<void> {
  const sortedKeys = [...new Set(keys)].sort()
  if (sortedKeys.length === 0) return
  await tx.execute(sql`
    insert into epoch (kind, key, value)
    select ${kind}, key, 1 from unnest(${sql.param(sortedKeys)}::text[]) as each (key)
        on conflict (kind, key) do update set value = epoch.value + 1`)
}

/** The value, as text, for a statement that reads it together with what it stands for; null while it never moved. */
export function epochOf(kind: EpochKind, key: SQLWrapper): SQL<string | null> {
  return sql`(select ${epoch.value} from ${epoch} where ${epoch.kind} = ${kind} and ${epoch.key} = ${key})`
}

/** The value now; undefined while it never moved. */
export async function readEpoch(db: Queryable, kind: EpochKind, key: string): Promise<number | undefined> {
  const [row] = await db.execute<{ value: string }>(
    sql`select value from epoch where kind = ${kind} and key = ${key}`,
  )
  return row && Number(row.value)
}

/** Values now; rows that never moved are made, with 0, so that they can be locked later. */
export async function readEpochs(
  db: Queryable,
  names: readonly EpochName[],
): Promise<Map<EpochName, number>> {
  let rows = await select(db, names, false)
  if (rows.length < new Set(names).size) {
    await db
      .insert(epoch)
      .values(sorted(names).map((name) => ({ ...split(name), value: 0 })))
      .onConflictDoNothing()
    rows = await select(db, names, false)
  }
  return new Map(rows.map((row) => [`${row.kind}:${row.key}` as const, row.value]))
}

/** Locks the rows shared until the transaction ends and says whether none of them moved since `seen`. */
export async function epochsHold(tx: Transaction, seen: ReadonlyMap<EpochName, number>): Promise<boolean> {
  const rows = await select(tx, [...seen.keys()], true)
  return rows.length === seen.size && rows.every((row) => seen.get(`${row.kind}:${row.key}`) === row.value)
}

async function select(db: Queryable, names: readonly EpochName[], locked: boolean) {
  const keys = sorted(names).map((name) => sql`(${split(name).kind}, ${split(name).key})`)
  const query = db
    .select()
    .from(epoch)
    .where(sql`(${epoch.kind}, ${epoch.key}) in (${sql.join(keys, sql`, `)})`)
    .orderBy(epoch.kind, epoch.key)
  return locked ? query.for('share') : query
}

/** One order for all, so that two transactions never wait for each other. */
function sorted(names: readonly EpochName[]): EpochName[] {
  return [...new Set(names)].sort()
}

function split(name: EpochName): { kind: EpochKind; key: string } {
  const at = name.indexOf(':')
  return { kind: name.slice(0, at) as EpochKind, key: name.slice(at + 1) }
}
