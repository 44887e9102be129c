import { BARE_NUMBER, bareNumbers } from './conformance/bare-numbers.ts'
import type { Breach } from './conformance/breach.ts'
import { isDeletion } from './conformance/bundle-rules.ts'
import { profilesClaimed } from './conformance/claims.ts'
import { claimedOf } from './conformance/conform.ts'
import { fhirPathOf } from './conformance/fhir-path.ts'
import { isResourceType } from './conformance/r4-elements.ts'
import { describeAny } from './describe-any.ts'
import { type Element, elementOf } from './elements.ts'
import { claimsNational, type Judgement, judgeByProfile, type Place } from './judge-resource.ts'
import type { CodeMaps } from './mapping/code-maps.ts'
import { convert } from './mapping/convert.ts'
import { nationalProfile } from './mapping/fill-in.ts'
import { recognise } from './recognise.ts'
import { isKnownProfile, NEWEST } from './rules/rules-at.ts'
import type { Addition, Verdict } from './verdict.ts'

/**
 * What carries none of the national data or documents: where it fits the profile the guides name for it, it fits the
 * national set. A referral that is only referred to is no national document, however well its reference is written.
 */
function isCompanion(resource: Element): boolean {
  return (
    nationalProfile(String(resource.resourceType)) === undefined &&
    recognise(resource) === undefined &&
    profilesClaimed(resource).some(isKnownProfile)
  )
}

const R4_RULE = /^(R4#|[a-z]{2,4}-\d|tsunagi-modifier)/

type Finding = Pick<Verdict, 'level'> & Partial<Pick<Verdict, 'issues' | 'added' | 'lacking'>>

const CLAIMS_NOTHING: Judgement = { profiles: [], version: NEWEST, isOfUnknown: false, issues: [] }

/** The level of one resource, why, and by which rules it was judged. */
export function findLevel(place: Place, maps: CodeMaps): { judged: Judgement; finding: Finding } {
  // Who claims nothing and fits with what is added, fits R4 as it stands: additions hide nothing of it.
  const mended = claimsNothing(place) ? mend(place, CLAIMS_NOTHING, maps) : undefined
  if (mended?.lacking.length === 0)
    return { judged: CLAIMS_NOTHING, finding: { level: 'convertible', added: told(mended.added) } }
  const judged = judgeByProfile(place)
  return { judged, finding: levelOf(place, judged, () => mended ?? mend(place, judged, maps)) }
}

function claimsNothing({ resource, demanded }: Place): boolean {
  const type = resource.resourceType
  return demanded.length === 0 && isResourceType(type) && claimedOf(resource, type).length === 0
}

function levelOf(place: Place, judged: Judgement, mendIt: () => Mended | undefined): Finding {
  const { resource } = place
  const { issues, profiles, isOfUnknown } = judged
  const isClaimed = profiles.length > 0
  if (isClaimed && isDeletion(resource)) {
    const rest = issues.filter(({ rule }) => rule !== 'R02143')
    return { level: rest.length === 0 ? 'national-conformant' : 'nonconformant', issues: rest }
  }
  if (issues.length === 0 && !isOfUnknown && (isClaimed || isCompanion(resource)))
    return { level: 'national-conformant' }
  // What is no R4 cannot be mended by adding to it.
  const mended = issues.some(({ rule }) => R4_RULE.test(rule)) ? undefined : mendIt()
  if (mended?.lacking.length === 0) return { level: 'convertible', issues, added: told(mended.added) }
  if (isClaimed || issues.length > 0) return { level: 'nonconformant', issues }
  if (isReadable(resource))
    return { level: 'readable', issues: saidOfReadable(resource), lacking: mended?.lacking ?? [] }
  const text = '人が読める文字がありません。'
  return {
    level: 'nonconformant',
    issues: [{ rule: 'tsunagi-no-text', path: String(resource.resourceType), text }],
  }
}

/** With places by FHIRPath's names, as breaches have them. */
function told(added: readonly Addition[]): Addition[] {
  return added.map((each) => ({ ...each, path: fhirPathOf(each.path) }))
}

/** What can be added, and what is still lacking then. */
interface Mended {
  added: Addition[]
  lacking: Breach[]
}

/** Undefined for what carries none of the national data. */
function mend(place: Place, judged: Judgement, maps: CodeMaps): Mended | undefined {
  const { resource, demanded } = place
  const wanted = nationalProfile(String(resource.resourceType))
  const isTelling = wanted !== undefined && recognise(resource) !== undefined
  if (judged.profiles.length === 0 && !isTelling) return undefined
  // Who claims the profile answers for what it asks; only codes are mapped for them.
  const { converted, added } = convert(resource, {
    maps,
    fillsIn: !claimsNational(resource),
    isCheckup: place.isCheckup,
  })
  if (added.length === 0 && judged.profiles.length > 0 && !judged.isOfUnknown)
    return { added, lacking: judged.issues }
  const profiles = wanted === undefined || judged.profiles.length > 0 ? demanded : [...demanded, wanted]
  const mended = withoutVersions(converted, judged.isOfUnknown)
  return { added, lacking: judgeByProfile({ ...place, resource: mended, demanded: profiles }).issues }
}

function withoutVersions(resource: Element, isOfUnknown: boolean): Element {
  if (!isOfUnknown) return resource
  return { ...resource, meta: { ...elementOf(resource.meta), profile: profilesClaimed(resource) } }
}

/** No rule of R4, and yet a number that nobody can rely on is told, whoever sends it. */
function saidOfReadable(resource: Element): Breach[] {
  if (resource.resourceType !== 'Observation') return []
  return bareNumbers(resource).map((path) => ({ ...BARE_NUMBER, path: `Observation.${path}` }))
}

function isReadable(resource: Element): boolean {
  // A Bundle is read through its entries.
  if (resource.resourceType === 'Bundle') return true
  return isResourceType(resource.resourceType) && describeAny(resource) !== undefined
}
