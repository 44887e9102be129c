import type { Item } from '../vocabulary/index.ts'
import type { Agreement, Institution, Membership, PolicyVersion, Region, RegionKey } from './store.ts'

/**
 * The whole register as it stood at one version: every row of every time, so that what is in force at an instant is
 * computed from it. Small (regions, keys, agreements, institutions), changed by hand, asked about by every call.
 */
export interface Registry {
  version: number
  /** Every region but those that left, by id. */
  regions: readonly Region[]
  keys: ReadonlyMap<string, RegionKey>
  agreements: readonly Agreement[]
  institutions: ReadonlyMap<string, Institution>
  /** By institution. */
  memberships: ReadonlyMap<string, readonly Membership[]>
  /** By region, the highest version first. */
  policies: ReadonlyMap<string, readonly PolicyVersion[]>
}

/**
 * Holds from `validFrom` on and before `validUntil`. What somebody ended is over for every process at once, whatever
 * their clocks say: the time of an end is that of the process which recorded it.
 */
function isInForce(row: { validFrom: Date; validUntil: Date | null; isEnded: boolean }, at: Date): boolean {
  return !row.isEnded && row.validFrom <= at && (row.validUntil === null || row.validUntil > at)
}

export function findRegion({ regions }: Registry, id: string): Region | undefined {
  return regions.find((region) => region.id === id)
}

/** The key if it counts at `at`, with the region that holds it. */
export function findKey(
  registry: Registry,
  thumbprint: string,
  at: Date,
): { key: RegionKey; region: Region } | undefined {
  const key = registry.keys.get(thumbprint)
  if (key === undefined || !isInForce(key, at)) return undefined
  const region = findRegion(registry, key.region)
  return region && { key, region }
}

/** The institution if it is a member of the region at `at`. */
export function membershipOf(
  { memberships, institutions }: Registry,
  where: { institution: string; region: string; at: Date },
): Institution | undefined {
  const own = memberships.get(where.institution) ?? []
  const isMember = own.some((row) => row.region === where.region && isInForce(row, where.at))
  return isMember ? institutions.get(where.institution) : undefined
}

/** What `asking` may refer to, by holding region, at `at`. */
export function agreementsOf(
  { agreements }: Registry,
  asking: string,
  at: Date,
): { holding: string; items: Item[] }[] {
  return agreements.filter((row) => row.asking === asking && isInForce(row, at))
}

/** Whether index clerks of `asking` see the values of `holding` when they settle a match. */
export function clerksMaySee(
  { agreements }: Registry,
  where: { asking: string; holding: string; at: Date },
): boolean {
  return agreements.some(
    (row) =>
      row.asking === where.asking &&
      row.holding === where.holding &&
      row.clerksSeeValues &&
      isInForce(row, where.at),
  )
}

/** The version in force at the region: the highest whose time has come, so that it replaces every earlier one. */
export function findPolicy({ policies }: Registry, region: string, at: Date): PolicyVersion | undefined {
  return policies.get(region)?.find(({ effectiveFrom }) => effectiveFrom <= at)
}
