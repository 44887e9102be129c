import { JSON_LIMITS, type JsonLimits, JsonRefused, parseJson } from '../kernel/strict-json.ts'
import type { Breach } from './conformance/breach.ts'
import { isDeletion } from './conformance/bundle-rules.ts'
import { profilesClaimed } from './conformance/claims.ts'
import { sliceOf } from './conformance/match-slice.ts'
import { isResourceType } from './conformance/r4-elements.ts'
import { describeAny } from './describe-any.ts'
import { type Element, elementOf, elementsOf } from './elements.ts'
import { parseExact } from './exact-json.ts'
import { claimsNational, type Judgement, judgeByProfile, type Place, versionName } from './judge-resource.ts'
import { type CodeMaps, NO_MAPS } from './mapping/code-maps.ts'
import { convert } from './mapping/convert.ts'
import { nationalProfile } from './mapping/fill-in.ts'
import { recognise } from './recognise.ts'
import { isKnownProfile, isVersioned, profileType, rulesAt } from './rules/rules-at.ts'
import type { Addition, Level, Verdict } from './verdict.ts'

/** Bundles within bundles: a referral holds an attached one, and nobody needs a third. */
const BUNDLES_DEEP_MAX = 3

/** A text as verdicts: one for the resource, and for a Bundle one for each entry after it. Never throws. */
export function judgeText(
  text: string,
  maps: CodeMaps = NO_MAPS,
  limits: JsonLimits = JSON_LIMITS,
): Verdict[] {
  try {
    parseJson(text, limits)
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error
    return [unread('tsunagi-json', `JSON として読めません。${JSON_FAULTS[error.message] ?? ''}`)]
  }
  const resource = elementOf(parseExact(text))
  if (resource === undefined) return [unread('tsunagi-json', 'JSON のオブジェクトではありません。')]
  return judgeTree(
    { resource, demanded: [], beside: [], isWhole: false, isCheckup: isCheckup(resource) },
    String(resource.resourceType),
    maps,
    0,
  )
}

const CHECKUP_BUNDLE = /\/JP_Bundle_eCheckupGeneral$/
/** The number a person has at a check-up. */
const EXAMINEE = 'urn:oid:1.2.392.200119.6.102.'

/** A check-up report, or the Patient of one that stands alone. */
function isCheckup(resource: Element): boolean {
  if (profilesClaimed(resource).some((profile) => CHECKUP_BUNDLE.test(profile))) return true
  return (
    resource.resourceType === 'Patient' &&
    elementsOf(resource.identifier).some(({ system }) => String(system).startsWith(EXAMINEE))
  )
}

/** Why strict JSON refuses, in Japanese. */
const JSON_FAULTS: Record<string, string> = {
  'The text is nested too deeply.': '入れ子が深すぎます。',
  'The text has too many values.': '値が多すぎます。',
  'A key stands twice.': '同じ名前の要素が二つあります。',
  'A string holds a control character.': '制御文字があります。',
  'A string holds half a character.': '文字が壊れています。',
  'A string has no end.': '途中で切れています。',
  'The text starts with a byte order mark.': '先頭に BOM があります。',
}

function unread(rule: string, text: string): Verdict {
  return {
    path: '',
    resourceType: null,
    profile: null,
    igVersion: null,
    item: null,
    level: 'nonconformant',
    issues: [{ rule, path: '', text }],
    added: [],
    lacking: [],
  }
}

function judgeTree(place: Place, path: string, maps: CodeMaps, depth: number): Verdict[] {
  const own = judgeOne(place, path, maps)
  const { resource } = place
  if (resource.resourceType !== 'Bundle') return [own]
  if (depth >= BUNDLES_DEEP_MAX) {
    own.issues.push({ rule: 'tsunagi-nested', path, text: 'Bundle の入れ子が深すぎます。' })
    return [{ ...own, level: 'nonconformant' }]
  }
  const entries = elementsOf(resource.entry)
  const isWhole = resource.type === 'document'
  const inside = entries.map((entry, index) => {
    const held = elementOf(entry.resource)
    if (held === undefined) return []
    const demanded = demandedOf(resource, entry)
    return judgeTree(
      { resource: held, demanded, beside: entries, isWhole, isCheckup: place.isCheckup },
      `${path}.entry[${index}].resource`,
      maps,
      depth + 1,
    )
  })
  return [
    withEntries(
      own,
      inside.map(([first]) => first),
      isNational(own),
    ),
    ...inside.flatMap((verdicts) => withBundleIssues(verdicts, own.issues)),
  ]
}

/** Profiles that a Bundle's own profile asks of an entry, where no other may stand in that place. */
function demandedOf(bundle: Element, entry: Element): string[] {
  return profilesClaimed(bundle).flatMap((profile) => {
    const rule = rulesAt(profile, 0)?.in?.entry
    if (rule === undefined) return []
    const name = sliceOf({ value: entry, type: 'Bundle.entry' }, rule, {
      resolve: () => undefined,
      typeOf: profileType,
    })
    const slice = name === undefined ? undefined : rule.slices?.[name]
    const isBinding = rule.closed === true || (slice?.min ?? 0) > 0
    const profiles = slice?.in?.resource?.profiles ?? []
    const claimed = profilesClaimed(elementOf(entry.resource) ?? {})
    const wanted = profiles.find((each) => claimed.includes(each)) ?? profiles[0]
    return isBinding && wanted !== undefined && isKnownProfile(wanted) ? [wanted] : []
  })
}

function isNational({ profile }: Verdict): boolean {
  return profile !== null
}

function judgeOne(place: Place, path: string, maps: CodeMaps): Verdict {
  const { resource } = place
  const judged = judgeByProfile(place)
  const profile = judged.profiles[0] ?? null
  const type = resource.resourceType
  const verdict = {
    path,
    resourceType: typeof type === 'string' ? type : null,
    profile: profile ?? profilesClaimed(resource)[0] ?? null,
    igVersion: profile !== null && isVersioned(profile) ? versionName(judged.version) : null,
    item: recognise(resource) ?? null,
  }
  return { ...verdict, issues: [], added: [], lacking: [], ...levelOf(place, judged, maps) }
}

/** Types that carry none of the six data: where they fit the profile the guides name for them, they fit the national set. */
function isCompanion(resource: Element): boolean {
  return (
    nationalProfile(String(resource.resourceType)) === undefined &&
    profilesClaimed(resource).some(isKnownProfile)
  )
}

const R4_RULE = /^(R4#|[a-z]{2,4}-\d|tsunagi-modifier)/

type Finding = Pick<Verdict, 'level'> & Partial<Pick<Verdict, 'issues' | 'added' | 'lacking'>>

function levelOf(place: Place, judged: Judgement, maps: CodeMaps): Finding {
  const { resource } = place
  const { issues, profiles, isOlder } = judged
  const isClaimed = profiles.length > 0
  if (isClaimed && isDeletion(resource)) {
    const rest = issues.filter(({ rule }) => rule !== 'R02143')
    return { level: rest.length === 0 ? 'national-conformant' : 'nonconformant', issues: rest }
  }
  if (issues.length === 0 && !isOlder && (isClaimed || isCompanion(resource)))
    return { level: 'national-conformant' }
  // What is no R4 cannot be mended by adding to it.
  const mended = issues.some(({ rule }) => R4_RULE.test(rule)) ? undefined : mend(place, judged, maps)
  if (mended?.lacking.length === 0) return { level: 'convertible', issues, added: mended.added }
  if (isClaimed || issues.length > 0) return { level: 'nonconformant', issues }
  if (isReadable(resource)) return { level: 'readable', lacking: mended?.lacking ?? [] }
  const text = '人が読める文字がありません。'
  return {
    level: 'nonconformant',
    issues: [{ rule: 'tsunagi-no-text', path: String(resource.resourceType), text }],
  }
}

/** What can be added, and what is still lacking then; undefined for what carries none of the national data. */
function mend(
  place: Place,
  judged: Judgement,
  maps: CodeMaps,
): { added: Addition[]; lacking: Breach[] } | undefined {
  const { resource, demanded } = place
  const wanted = nationalProfile(String(resource.resourceType))
  const isTelling = wanted !== undefined && recognise(resource) !== undefined
  if (judged.profiles.length === 0 && !isTelling) return undefined
  // Who claims the profile answers for what it asks; only codes are mapped for them.
  const { converted, added } = convert(resource, maps, !claimsNational(resource))
  const profiles = wanted === undefined || judged.profiles.length > 0 ? demanded : [...demanded, wanted]
  const mended = withoutVersions(converted, judged.isOlder)
  return { added, lacking: judgeByProfile({ ...place, resource: mended, demanded: profiles }).issues }
}

function withoutVersions(resource: Element, isOlder: boolean): Element {
  if (!isOlder) return resource
  return { ...resource, meta: { ...elementOf(resource.meta), profile: profilesClaimed(resource) } }
}

function isReadable(resource: Element): boolean {
  // A Bundle is read through its entries.
  if (resource.resourceType === 'Bundle') return true
  return isResourceType(resource.resourceType) && describeAny(resource) !== undefined
}

const WORST: readonly Level[] = ['national-conformant', 'convertible', 'readable', 'nonconformant']

/** A Bundle fits no better than what must be in it; one that claims nothing is as good as its worst entry. */
function withEntries(own: Verdict, entries: readonly (Verdict | undefined)[], isNational: boolean): Verdict {
  const issues = [...own.issues]
  for (const entry of entries) {
    if (entry?.level === 'nonconformant' && own.level !== 'nonconformant')
      issues.push({ rule: 'tsunagi-entry', path: entry.path, text: '中のリソースが規則に合っていません。' })
  }
  if (issues.length > 0) return { ...own, level: 'nonconformant', issues, added: [] }
  const levels = entries.flatMap((entry) => (entry === undefined ? [] : [entry.level]))
  const counted = isNational ? levels.filter((level) => level !== 'readable') : levels
  const start = isNational ? own.level : 'national-conformant'
  const level = [start, ...counted].reduce((one, other) =>
    WORST.indexOf(other) > WORST.indexOf(one) ? other : one,
  )
  const added = [
    ...own.added,
    ...entries.flatMap((entry) =>
      (entry?.added ?? []).map((each) => ({ ...each, path: `${entry?.path}: ${each.path}` })),
    ),
  ]
  return { ...own, level: levels.length === 0 && !isNational ? own.level : level, issues, added }
}

/** What a Bundle's rules say of an entry is said at the entry too. */
function withBundleIssues(verdicts: readonly Verdict[], issues: Verdict['issues']): Verdict[] {
  return verdicts.map((verdict) => {
    const own = issues.filter(({ path }) => path === verdict.path || path.startsWith(`${verdict.path}.`))
    return own.length === 0
      ? verdict
      : { ...verdict, level: 'nonconformant', issues: [...own, ...verdict.issues], added: [] }
  })
}
