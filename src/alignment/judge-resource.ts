import type { Breach } from './conformance/breach.ts'
import { isSaidOfEntries, submissionBreaches } from './conformance/bundle-rules.ts'
import { profilesClaimed, unknownVersions, versionClaimed } from './conformance/claims.ts'
import { claimedOf, conform, type Placed } from './conformance/conform.ts'
import { documentBreaches } from './conformance/document-rules.ts'
import { isOfVersions, projectBreaches } from './conformance/project-rules.ts'
import { isResourceType } from './conformance/r4-elements.ts'
import type { Element } from './elements.ts'
import {
  erasOf,
  IG_VERSIONS,
  isCheckupsOwn,
  isNationalProfile,
  isVersioned,
  mayDiffer,
  NEWEST,
  versionPlace,
} from './rules/rules-at.ts'

/** A resource where it stands, and the profiles its place demands. */
export interface Place extends Placed {
  /** Profiles that its Bundle's entry demands, beyond those it claims. */
  demanded: readonly string[]
}

export interface Judgement {
  /** The national profiles it claims or its place demands. */
  profiles: string[]
  /** The place in IG_VERSIONS by which it was judged. */
  version: number
  /** Claims a version whose rules are not known: older than all of those, newer, or none at all. */
  isOfUnknown: boolean
  issues: Breach[]
}

/** There are more breaches than are listed. */
const MORE = 'tsunagi-more'

/**
 * Every rule a resource breaks at the version it names. Where it names none, the newest version under which it breaks
 * nothing; where there is none such, the one under which it breaks least.
 */
export function judgeByProfile(place: Place): Judgement {
  const { resource, demanded } = place
  const type = resource.resourceType
  const claimed = isResourceType(type) ? claimedOf(resource, type) : []
  const profiles = [...new Set([...claimed, ...demanded])].filter(isNationalProfile)
  const places = profiles
    .filter(isVersioned)
    .map((profile) => versionPlace(versionClaimed(resource, profile)))
    .filter((each) => each !== undefined)
  const named = places.length === 0 ? undefined : Math.max(...places)
  const unknown = unknownVersions(resource, String(type))
  const issuesAt = (version: number) => [...unknown, ...breachesAt(place, profiles, Math.max(version, 0))]
  if (named !== undefined) {
    return {
      profiles,
      version: Math.max(named, 0),
      isOfUnknown: named < 0 || unknown.length > 0,
      issues: issuesAt(named),
    }
  }
  let best: Judgement | undefined
  for (const version of erasOf(profiles)) {
    const issues = issuesAt(version)
    if (best === undefined || issues.length < best.issues.length)
      best = { profiles, version, isOfUnknown: unknown.length > 0, issues }
    // What no version changed is broken in all of them, so that none fits better.
    if (!issues.some(({ rule }) => mayDiffer(rule) || isOfVersions(rule) || rule === MORE)) break
  }
  return best ?? { profiles, version: NEWEST, isOfUnknown: unknown.length > 0, issues: issuesAt(NEWEST) }
}

function breachesAt(place: Place, profiles: readonly string[], version: number): Breach[] {
  const { resource, demanded, isCheckup } = place
  const { breaches, more } = conform(place, demanded, version)
  // What is of no type has no place by which its other faults could be called.
  if (!isResourceType(resource.resourceType)) return breaches
  const named = isCheckup ? profiles.filter((profile) => !isCheckupsOwn(profile)) : profiles
  const own = [...breaches, ...projectBreaches(resource, named, version)]
  const isBundle = resource.resourceType === 'Bundle'
  const entries = isBundle ? [...submissionBreaches(resource), ...documentBreaches(resource)] : []
  const said = new Set(entries.map(({ rule }) => rule))
  const all = [...own.filter(({ rule }) => !(isSaidOfEntries(rule) && said.has(rule))), ...entries]
  if (more === 0) return all
  return [...all, { rule: MORE, path: String(resource.resourceType), text: `ほかに${more}件あります。` }]
}

/** What is told of the version: `1.10.0`. */
export function versionName(version: number): string {
  return IG_VERSIONS[version] ?? ''
}

/** Whether it says that it is national, rightly or wrongly. */
export function claimsNational(resource: Element): boolean {
  return profilesClaimed(resource).some(isNationalProfile)
}
