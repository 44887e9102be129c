import { and, count, eq, ne } from 'drizzle-orm'
import type { CodeMap, MappedCode } from '../alignment/index.ts'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { conceptMap, conceptMapCode } from './tables.ts'

const ROWS_AT_ONCE = 2_000

export async function countOtherMaps(db: Queryable, region: string, id: string): Promise<number> {
  const [row] = await db
    .select({ maps: count() })
    .from(conceptMap)
    .where(and(eq(conceptMap.region, region), ne(conceptMap.id, id)))
  return row?.maps ?? 0
}

/** In the place of what stood under the same id. */
export async function putConceptMap(
  tx: Transaction,
  { region, id, body, at }: { region: string; id: string; body: string; at: Date },
  map: CodeMap,
): Promise<number> {
  const kept = { name: map.name, body, uploadedAt: at }
  await tx
    .insert(conceptMap)
    .values({ region, id, ...kept })
    .onConflictDoUpdate({ target: [conceptMap.region, conceptMap.id], set: kept })
  await tx.delete(conceptMapCode).where(and(eq(conceptMapCode.region, region), eq(conceptMapCode.map, id)))
  const rows = map.groups
    .flatMap(({ source, target, elements }) =>
      elements.flatMap(({ code, targets }) =>
        targets.map(({ code: targetCode, display, equivalence }) => ({
          source,
          code,
          target,
          targetCode,
          display: display ?? null,
          equivalence,
        })),
      ),
    )
    .map((row, place) => ({ region, map: id, place, ...row }))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx.insert(conceptMapCode).values(rows.slice(from, from + ROWS_AT_ONCE))
  }
  return rows.length
}

export async function findConceptMap(db: Queryable, region: string, id: string): Promise<string | undefined> {
  const [row] = await db
    .select({ body: conceptMap.body })
    .from(conceptMap)
    .where(and(eq(conceptMap.region, region), eq(conceptMap.id, id)))
  return row?.body
}

const joined = (db: Queryable) =>
  db
    .select({
      source: conceptMapCode.source,
      sourceCode: conceptMapCode.code,
      system: conceptMapCode.target,
      code: conceptMapCode.targetCode,
      display: conceptMapCode.display,
      equivalence: conceptMapCode.equivalence,
      by: conceptMap.name,
    })
    .from(conceptMapCode)
    .innerJoin(
      conceptMap,
      and(eq(conceptMap.region, conceptMapCode.region), eq(conceptMap.id, conceptMapCode.map)),
    )

/** What a region's own maps give for one code. */
export async function findTargets(
  db: Queryable,
  { region, system, code }: { region: string; system: string; code: string },
): Promise<MappedCode[]> {
  const rows = await joined(db)
    .where(
      and(
        eq(conceptMapCode.region, region),
        eq(conceptMapCode.source, system),
        eq(conceptMapCode.code, code),
      ),
    )
    .orderBy(conceptMapCode.map, conceptMapCode.place)
  return rows.map(({ source: _source, sourceCode: _code, display, ...row }) => ({
    ...row,
    display: display ?? undefined,
  }))
}

/** All of a region's maps, as records are checked by them. */
export async function readMaps(db: Queryable, region: string): Promise<CodeMap[]> {
  const rows = await joined(db)
    .where(eq(conceptMapCode.region, region))
    .orderBy(conceptMapCode.map, conceptMapCode.place)
  return rows.map(({ source, sourceCode, system, code, display, equivalence, by }) => ({
    name: by,
    groups: [
      {
        source,
        target: system,
        elements: [{ code: sourceCode, targets: [{ code, display: display ?? undefined, equivalence }] }],
      },
    ],
  }))
}
