import { type Element, elementOf, listOf } from '../elements.ts'
import { isKnownProfile, isKnownVersion, isVersioned, profileType } from '../rules/rules-at.ts'
import type { Breach } from './breach.ts'

/** A version whose rules nobody here knows: said, and no fault of the record's. */
export const UNKNOWN_VERSION = 'tsunagi-profile-version'

/** Where the profiles of the national set are, of which all are known; the check-up guide has more than are here. */
const NATIONAL_PLACE =
  /^https?:\/\/jpfhir\.jp\/fhir\/(eCS|clins|eReferral|eDischargeSummary|ePCS)\/StructureDefinition\/(?!.*eCheckup)/

/** The profiles a resource says it fits, without their versions: JP-CLINS compares what stands before `|`. */
export function profilesClaimed(resource: Element): string[] {
  return claims(resource).map(([profile]) => profile)
}

/** The IG version that a resource names for one of its profiles: `1.5.2` of `…/JP_Condition_eCS|1.5.2`. */
export function versionClaimed(resource: Element, profile: string): string | undefined {
  return claims(resource).find(([claimed, version]) => claimed === profile && version !== undefined)?.[1]
}

/** Profiles that a resource cannot fit: those of other types, and national ones that there are not. */
export function falseClaims(resource: Element, type: string, path: string): Breach[] {
  return listOf(elementOf(resource.meta)?.profile).flatMap((claim, index) => {
    const profile = typeof claim === 'string' ? (claim.split('|', 1)[0] ?? '') : ''
    const at = `${path}.meta.profile[${index}]`
    if (isKnownProfile(profile) && profileType(profile) !== type)
      return [{ rule: 'tsunagi-profile-type', path: at, text: '別のリソース種別のプロファイルです。' }]
    if (!isKnownProfile(profile) && NATIONAL_PLACE.test(profile))
      return [{ rule: 'tsunagi-profile-unknown', path: at, text: '国のプロファイルにない URL です。' }]
    return []
  })
}

/** National profiles at versions that are not known. */
export function unknownVersions(resource: Element, path: string): Breach[] {
  return listOf(elementOf(resource.meta)?.profile).flatMap((claim, index) => {
    const [profile = '', version] = typeof claim === 'string' ? claim.split('|', 2) : []
    if (version === undefined || !isVersioned(profile) || isKnownVersion(version)) return []
    const text = 'プロファイルの版が、知られている版のどれでもありません。'
    return [{ rule: UNKNOWN_VERSION, path: `${path}.meta.profile[${index}]`, text }]
  })
}

function claims(resource: Element): [profile: string, version: string | undefined][] {
  return listOf(elementOf(resource.meta)?.profile)
    .filter((profile) => typeof profile === 'string')
    .map((profile) => {
      const at = profile.indexOf('|')
      return at < 0 ? [profile, undefined] : [profile.slice(0, at), profile.slice(at + 1)]
    })
}
