import { and, desc, eq, gt, inArray, isNull, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from '../kernel/database.ts'
import { agreement, institution, membership, policy, region, regionKey } from './tables.ts'

export type Region = typeof region.$inferSelect
export type RegionKey = typeof regionKey.$inferSelect
export type Institution = typeof institution.$inferSelect

/** Holds from `validFrom` on and before `validUntil`. */
function inForce(row: { validFrom: PgColumn; validUntil: PgColumn }, at: Date): SQL | undefined {
  return and(lte(row.validFrom, at), or(isNull(row.validUntil), gt(row.validUntil, at)))
}

export async function findRegion(db: Queryable, id: string): Promise<Region | undefined> {
  const [row] = await db.select().from(region).where(eq(region.id, id))
  return row
}

export async function findRegionBySystem(db: Queryable, patientSystem: string): Promise<Region | undefined> {
  const [row] = await db.select().from(region).where(eq(region.patientSystem, patientSystem))
  return row
}

/** Every region but those that left, by id. */
export async function listRegions(db: Queryable): Promise<Region[]> {
  return db.select().from(region).where(ne(region.stage, 'left')).orderBy(region.id)
}

/** The key if it counts at `at`, with the region that holds it. */
export async function findKey(
  db: Queryable,
  thumbprint: string,
  at: Date,
): Promise<{ key: RegionKey; region: Region } | undefined> {
  const [row] = await db
    .select({ key: regionKey, region })
    .from(regionKey)
    .innerJoin(region, eq(region.id, regionKey.region))
    .where(and(eq(regionKey.thumbprint, thumbprint), inForce(regionKey, at), ne(region.stage, 'left')))
  return row
}

export async function listKeys(db: Queryable, at: Date): Promise<RegionKey[]> {
  return db.select().from(regionKey).where(inForce(regionKey, at)).orderBy(regionKey.thumbprint)
}

/** The institution if it is a member of the region at `at`. */
export async function membershipOf(
  db: Queryable,
  where: { institution: string; region: string; at: Date },
): Promise<Institution | undefined> {
  const [row] = await db
    .select({ institution })
    .from(membership)
    .innerJoin(institution, eq(institution.number, membership.institution))
    .where(
      and(
        eq(membership.institution, where.institution),
        eq(membership.region, where.region),
        inForce(membership, where.at),
      ),
    )
    .limit(1)
  return row?.institution
}

export async function listMembers(db: Queryable, at: Date): Promise<(Institution & { regions: string[] })[]> {
  return db
    .select({
      number: institution.number,
      name: institution.name,
      kind: institution.kind,
      regions: sql<string[]>`array_agg(distinct ${membership.region} order by ${membership.region})`,
    })
    .from(institution)
    .innerJoin(membership, eq(membership.institution, institution.number))
    .where(inForce(membership, at))
    .groupBy(institution.number, institution.name, institution.kind)
    .orderBy(institution.number)
}

/** What `asking` may refer to, by holding region, at `at`. */
export async function agreementsOf(db: Queryable, asking: string, at: Date) {
  return db
    .select({ holding: agreement.holding, items: agreement.items })
    .from(agreement)
    .where(and(eq(agreement.asking, asking), inForce(agreement, at)))
    .orderBy(agreement.holding)
}

/** The version in force at each of the regions: the newest whose effective time has come. */
export async function findPolicies(db: Queryable, regions: readonly string[], at: Date) {
  if (regions.length === 0) return []
  return db
    .selectDistinctOn([policy.region], {
      region: policy.region,
      version: policy.version,
      document: policy.document,
    })
    .from(policy)
    .where(and(inArray(policy.region, [...regions]), lte(policy.effectiveFrom, at)))
    .orderBy(policy.region, desc(policy.effectiveFrom), desc(policy.version))
}

export async function newestPolicyVersion(db: Queryable, regionId: string): Promise<number> {
  const [row] = await db
    .select({ version: policy.version })
    .from(policy)
    .where(eq(policy.region, regionId))
    .orderBy(desc(policy.version))
    .limit(1)
  return row?.version ?? 0
}
