import published from './changes.json' with { type: 'json' }
import { type ProfileTable, type Rule, ruleAt } from './rule.ts'
import clins from './tables/jp-clins-1.5.2.json' with { type: 'json' }
import core from './tables/jp-core-1.1.2.json' with { type: 'json' }
import checkup from './tables/jp-echeckup-1.0.json' with { type: 'json' }

/** IG versions known, oldest first. The tables are those of 1.5.2; what is known of the others stands in changes.json. */
export const IG_VERSIONS: readonly string[] = published.versions
export const NEWEST = IG_VERSIONS.length - 1

const CHECKUP = checkup as unknown as ProfileTable
const CLINS = clins as unknown as ProfileTable
const NATIONAL = { ...CHECKUP, ...CLINS }
/** Without a prototype: a profile is any text a sender likes. */
const PROFILES: ProfileTable = Object.assign(Object.create(null), core, NATIONAL)

const CHANGES = published.changes.map(({ since, ...change }) => ({
  ...change,
  since: IG_VERSIONS.indexOf(since),
})) as { since: number; profile: string; at: string; set?: Rule; unset?: (keyof Rule)[] }[]

/** Whether it is a profile of the national documents and data; JP Core's alone are not. */
export function isNationalProfile(profile: string): boolean {
  return Object.hasOwn(NATIONAL, profile)
}

/** The check-up guide counts its versions by itself; nothing is known of what they change. */
export function isVersioned(profile: string): boolean {
  return Object.hasOwn(CLINS, profile)
}

export function isKnownProfile(profile: string): boolean {
  return Object.hasOwn(PROFILES, profile)
}

/** The type a profile is of. */
export function profileType(profile: string): string | undefined {
  return Object.hasOwn(PROFILES, profile) ? PROFILES[profile]?.type : undefined
}

const CHANGED_PROFILES = new Set(CHANGES.map(({ profile }) => profile))
const CHANGED = new Map<string, Rule>()

/** Whether the check-up guide has rules of its own for a profile that JP-CLINS publishes too (Patient, Organization). */
export function isCheckupsOwn(profile: string): boolean {
  return Object.hasOwn(CHECKUP, profile) && Object.hasOwn(CLINS, profile)
}

/** The rules of a profile at a version, given by its place in IG_VERSIONS; in a check-up report, that guide's. */
export function rulesAt(profile: string, version: number, isCheckup = false): Rule | undefined {
  if (isCheckup && isCheckupsOwn(profile)) return CHECKUP[profile]?.rule
  if (!CHANGED_PROFILES.has(profile)) return PROFILES[profile]?.rule
  const key = `${profile}|${version}`
  const known = CHANGED.get(key)
  if (known !== undefined) return known
  const published = PROFILES[profile]?.rule
  if (published === undefined) return undefined
  const changes = CHANGES.filter((change) => change.profile === profile && change.since <= version)
  const changed = structuredClone(published)
  for (const { at, set, unset } of changes) {
    const rule = ruleAt(changed, at === '' ? [] : at.split('.'))
    Object.assign(rule, set)
    for (const name of unset ?? []) delete rule[name]
  }
  CHANGED.set(key, changed)
  return changed
}

const ONLY_NEWEST = [NEWEST]

/** Versions at which a profile's rules differ, newest first, each by the newest place that has those rules. */
export function erasOf(profiles: readonly string[]): readonly number[] {
  if (!profiles.some((profile) => CHANGED_PROFILES.has(profile))) return ONLY_NEWEST
  const since = CHANGES.filter(({ profile }) => profiles.includes(profile)).map((change) => change.since)
  return [...new Set([NEWEST, ...since.map((place) => place - 1)])].sort((one, other) => other - one)
}

/** `JP_Condition_eCS#meta`: where a profile's rules differ from version to version, by the first step of the way. */
const CHANGING = CHANGES.map(({ profile, at }) => {
  const [step = ''] = at.split(/[.:]/)
  return `${profile.slice(profile.lastIndexOf('/') + 1)}#${step}`
})

/** Whether a rule of a profile's table may be another in another version. */
export function mayDiffer(rule: string): boolean {
  return CHANGING.some((changing) => rule.startsWith(changing))
}

/**
 * The place of a version as a profile names it. Undefined where it names none or only a part (`1`), which several
 * have; -1 for what is older than all.
 */
export function versionPlace(claimed: string | undefined): number | undefined {
  if (claimed === undefined || !/^\d+\.\d+\.\d+/.test(claimed)) return undefined
  const exact = IG_VERSIONS.indexOf(claimed)
  return exact >= 0 ? exact : IG_VERSIONS.findLastIndex((version) => isUpTo(version, claimed))
}

/** Whether it is a version or the beginning of some (`1`, `1.10`), or older than all. */
export function isKnownVersion(claimed: string): boolean {
  const isListed = IG_VERSIONS.some((version) => version === claimed || version.startsWith(`${claimed}.`))
  return isListed || versionPlace(claimed) === -1
}

function isUpTo(version: string, claimed: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0)
  const [one, other] = [parts(version), parts(claimed)]
  for (let index = 0; index < Math.max(one.length, other.length); index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return true
}
