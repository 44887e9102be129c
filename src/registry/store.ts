import { and, desc, eq, gt, isNotNull, isNull, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable, Transaction } from '../kernel/database.ts'
import { agreement, institution, membership, policy, region, regionKey } from './tables.ts'

export type Region = typeof region.$inferSelect
export type RegionKey = typeof regionKey.$inferSelect
export type Institution = typeof institution.$inferSelect
export type Agreement = typeof agreement.$inferSelect
export type Membership = typeof membership.$inferSelect
export type PolicyVersion = Omit<typeof policy.$inferSelect, 'text' | 'request'>
/** A version as its region signed it: the document to the letter, and the request that carried it. */
export type SignedPolicy = { version: number; effectiveFrom: Date; text: string; request: string }

/** Was not ended, and holds from `validFrom` on and before `validUntil`. */
function inForce(
  row: { validFrom: PgColumn; validUntil: PgColumn; isEnded: PgColumn },
  at: Date,
): SQL | undefined {
  return and(
    eq(row.isEnded, false),
    lte(row.validFrom, at),
    or(isNull(row.validUntil), gt(row.validUntil, at)),
  )
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

export async function listKeys(db: Queryable, at: Date): Promise<RegionKey[]> {
  return db.select().from(regionKey).where(inForce(regionKey, at)).orderBy(regionKey.thumbprint)
}

/** The institution if it is a member of the region at `at`, as the transaction that asks sees it. */
export async function findMember(
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

export async function newestPolicyVersion(db: Queryable, regionId: string): Promise<number> {
  const [row] = await db
    .select({ version: policy.version })
    .from(policy)
    .where(eq(policy.region, regionId))
    .orderBy(desc(policy.version))
    .limit(1)
  return row?.version ?? 0
}

/** The newest versions of a region's policy that came in a signed request. */
export async function listSignedPolicies(
  db: Queryable,
  regionId: string,
  max: number,
): Promise<SignedPolicy[]> {
  const rows = await db
    .select({
      version: policy.version,
      effectiveFrom: policy.effectiveFrom,
      text: policy.text,
      request: policy.request,
    })
    .from(policy)
    .where(and(eq(policy.region, regionId), isNotNull(policy.request)))
    .orderBy(desc(policy.version))
    .limit(max)
  return rows.flatMap(({ text, request, ...row }) =>
    text === null || request === null ? [] : [{ ...row, text, request }],
  )
}

/** Every row of the register; the caller's transaction makes them one moment's. */
export async function readRegister(tx: Transaction) {
  const regions = await listRegions(tx)
  const keys = await tx.select().from(regionKey)
  const agreements = await tx.select().from(agreement).orderBy(agreement.holding)
  const institutions = await tx.select().from(institution)
  const memberships = await tx.select().from(membership)
  const { region: of, version, effectiveFrom, document, recordedAt } = policy
  const policies = await tx
    .select({ region: of, version, effectiveFrom, document, recordedAt })
    .from(policy)
    .orderBy(desc(version))
  return {
    regions,
    keys: new Map(keys.map((row) => [row.thumbprint, row])),
    agreements,
    institutions: new Map(institutions.map((row) => [row.number, row])),
    memberships: Map.groupBy(memberships, (row) => row.institution),
    policies: Map.groupBy(policies, (row) => row.region),
  }
}
