import { desc, eq, or, type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../kernel/database.ts'
import { present } from '../../kernel/must.ts'
import { inOrder, type PatientId, patientIdOf, refOf } from '../patient-id.ts'
import { isAnyOf, isPatient, type PatientColumns } from '../patient-store.ts'
import { type Declared, declaredPair, linkDecision, linkDecisionPair } from '../review-tables.ts'

export type DecisionRow = typeof linkDecision.$inferSelect

/** What is said of two registrations; null takes back what was said. */
export interface PairSaid {
  a: string
  b: string
  said: Declared | null
}

/** What holds of two registrations, by which decision; `said` is null after an undo. */
export interface PairHeld extends PairSaid {
  decision: number
}

const endA: PatientColumns = { region: declaredPair.regionA, localId: declaredPair.localIdA }
const endB: PatientColumns = { region: declaredPair.regionB, localId: declaredPair.localIdB }

/** Whether people have decided anything about the registration of a row, for a statement that reads it anyway. */
export function isDeclared(row: PatientColumns): SQL<boolean> {
  return sql<boolean>`(
    exists (select from declared_pair where declared is not null and (region_a, local_id_a) = (${row.region}, ${row.localId})) or
    exists (select from declared_pair where declared is not null and (region_b, local_id_b) = (${row.region}, ${row.localId})))`
}

/** Everything that holds of these registrations, among themselves and with others. */
export async function findDeclared(db: Queryable, refs: readonly string[]): Promise<PairHeld[]> {
  if (refs.length === 0) return []
  // Each end alone: of an OR over both the planner reads the whole table.
  const declared = (end: PatientColumns) => sql`
    select region_a as "regionA", local_id_a as "localIdA", region_b as "regionB", local_id_b as "localIdB",
           declared, decision
      from declared_pair where declared is not null and ${isAnyOf(end, refs)}`
  type Row = Parameters<typeof heldOf>[0] & Record<string, unknown>
  const rows = await db.execute<Row>(sql`${declared(endA)} union ${declared(endB)}`)
  return rows.map((row) => heldOf({ ...row, decision: Number(row.decision) }))
}

/** What was last said of exactly these pairs, also where it was taken back. */
export async function findPairs(tx: Transaction, pairs: readonly PairSaid[]): Promise<PairHeld[]> {
  if (pairs.length === 0) return []
  const { regionA, localIdA, regionB, localIdB } = declaredPair
  const rows = await tx
    .select()
    .from(declaredPair)
    .where(
      sql`(${regionA}, ${localIdA}, ${regionB}, ${localIdB}) in (${sql.join(pairs.map(tupleOf), sql`, `)})`,
    )
  return rows.map(heldOf)
}

/** Puts a decision on record with what it says, and lets that hold from now on. */
export async function insertDecision(
  tx: Transaction,
  row: Omit<DecisionRow, 'id'>,
  pairs: readonly (PairSaid & { before: Declared | null })[],
): Promise<number> {
  const inserted = await tx.insert(linkDecision).values(row).returning({ id: linkDecision.id })
  const { id } = present(inserted[0], 'an insert returns its row')
  await tx
    .insert(linkDecisionPair)
    .values(
      pairs.map((pair) => ({ decision: id, ...columnsOf(pair), before: pair.before, after: pair.said })),
    )
  await tx
    .insert(declaredPair)
    .values(pairs.map((pair) => ({ ...columnsOf(pair), declared: pair.said, decision: id })))
    .onConflictDoUpdate({
      target: [declaredPair.regionA, declaredPair.localIdA, declaredPair.regionB, declaredPair.localIdB],
      set: { declared: sql`excluded.declared`, decision: id },
    })
  return id
}

export async function findDecision(
  db: Queryable,
  id: number,
): Promise<(DecisionRow & { pairs: (PairSaid & { before: Declared | null })[] }) | undefined> {
  const [row] = await db.select().from(linkDecision).where(eq(linkDecision.id, id))
  if (row === undefined) return undefined
  const pairs = await db.select().from(linkDecisionPair).where(eq(linkDecisionPair.decision, id))
  return {
    ...row,
    pairs: pairs.map((pair) => ({ ...refsOf(pair), said: pair.after, before: pair.before })),
  }
}

/** Every decision about any of these pairs, and what it takes back. */
export async function findHistory(
  tx: Transaction,
  pairs: readonly PairSaid[],
): Promise<{ id: number; undoes: number | null }[]> {
  const { regionA, localIdA, regionB, localIdB, decision } = linkDecisionPair
  const tuples = sql.join(pairs.map(tupleOf), sql`, `)
  const naming = tx
    .select({ decision })
    .from(linkDecisionPair)
    .where(sql`(${regionA}, ${localIdA}, ${regionB}, ${localIdB}) in (${tuples})`)
  return tx
    .select({ id: linkDecision.id, undoes: linkDecision.undoes })
    .from(linkDecision)
    .where(sql`${linkDecision.id} in ${naming}`)
}

/** Decisions that name the registration, the newest first. */
export async function findDecisionsAbout(
  db: Queryable,
  id: PatientId,
  limit: number,
): Promise<DecisionRow[]> {
  const { regionA, localIdA, regionB, localIdB, decision } = linkDecisionPair
  const naming = db
    .select({ decision })
    .from(linkDecisionPair)
    .where(
      or(
        isPatient({ region: regionA, localId: localIdA }, id),
        isPatient({ region: regionB, localId: localIdB }, id),
      ),
    )
  return db
    .select()
    .from(linkDecision)
    .where(sql`${linkDecision.id} in ${naming}`)
    .orderBy(desc(linkDecision.id))
    .limit(limit)
}

/** What was decided about a registration ends with it: its id may become somebody else's. */
export async function endDeclarations(tx: Transaction, id: PatientId): Promise<void> {
  await tx.delete(declaredPair).where(or(isPatient(endA, id), isPatient(endB, id)))
}

function tupleOf(pair: PairSaid): SQL {
  const { regionA, localIdA, regionB, localIdB } = columnsOf(pair)
  return sql`(${regionA}, ${localIdA}, ${regionB}, ${localIdB})`
}

function heldOf(row: typeof declaredPair.$inferSelect): PairHeld {
  return { ...refsOf(row), said: row.declared, decision: row.decision }
}

function refsOf(row: ReturnType<typeof columnsOf>): { a: string; b: string } {
  return {
    a: refOf({ region: row.regionA, localId: row.localIdA }),
    b: refOf({ region: row.regionB, localId: row.localIdB }),
  }
}

function columnsOf({ a, b }: { a: string; b: string }) {
  const [first, second] = inOrder(a, b).map(patientIdOf) as [PatientId, PatientId]
  return {
    ...{ regionA: first.region, localIdA: first.localId },
    ...{ regionB: second.region, localIdB: second.localId },
  }
}
