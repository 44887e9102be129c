import { JSON_LIMITS, type JsonLimits, JsonRefused, parseJson } from '../kernel/strict-json.ts'
import type { CatalogueItem } from '../vocabulary/index.ts'
import { classify } from './classify.ts'
import type { Breach } from './conformance/breach.ts'
import { profilesClaimed, UNKNOWN_VERSION } from './conformance/claims.ts'
import { sliceOf } from './conformance/match-slice.ts'
import { liftSections } from './document-sections.ts'
import { type Element, elementOf, elementsOf, slotsOf } from './elements.ts'
import { findLevel } from './judge-level.ts'
import { type Place, versionName } from './judge-resource.ts'
import { type CodeMaps, NO_MAPS } from './mapping/code-maps.ts'
import { isKnownProfile, isNationalProfile, isVersioned, profileType, rulesAt } from './rules/rules-at.ts'
import type { Level, Verdict } from './verdict.ts'

/** Bundles within bundles: a referral holds an attached one, and nobody needs a third. */
const BUNDLES_DEEP_MAX = 3

/** A text as verdicts: one for the resource, and for a Bundle one for each entry after it. Never throws. */
export function judgeText(
  text: string,
  maps: CodeMaps = NO_MAPS,
  limits: JsonLimits = JSON_LIMITS,
): Verdict[] {
  let value: unknown
  try {
    value = parseJson(text, limits)
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error
    return [unreadJson(`JSON として読めません。${JSON_FAULTS[error.message] ?? ''}`)]
  }
  const resource = elementOf(value)
  if (resource === undefined) return [unreadJson('JSON のオブジェクトではありません。')]
  return judgeTree(
    { resource, demanded: [], beside: [], isWhole: false, isCheckup: isCheckup(resource) },
    nameOf(resource),
    maps,
    0,
  )
}

/** The place of a whole text of which nobody can say what it is (RFC 9535, root). */
export const WHOLE = '$'

/** A record is called by its type. */
function nameOf({ resourceType }: { resourceType?: unknown }): string {
  return typeof resourceType === 'string' && resourceType !== '' ? resourceType : WHOLE
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

function unreadJson(text: string): Verdict {
  return unreadVerdict({ rule: 'tsunagi-json', text })
}

/** The verdict on what could not be read, and so is of no type. */
export function unreadVerdict(fault: Omit<Breach, 'path'>): Verdict {
  return {
    path: WHOLE,
    resourceType: null,
    profile: null,
    igVersion: null,
    item: null,
    level: 'nonconformant',
    issues: [{ ...fault, path: WHOLE }],
    added: [],
    lacking: [],
  }
}

function judgeTree(place: Place, path: string, maps: CodeMaps, depth: number): Verdict[] {
  const own = judgeOne(place, path, maps)
  const { resource } = place
  if (resource.resourceType !== 'Bundle') return [own]
  if (depth >= BUNDLES_DEEP_MAX) {
    own.issues.push({ rule: 'tsunagi-nested', path: 'Bundle', text: 'Bundle の入れ子が深すぎます。' })
    return [{ ...own, level: 'nonconformant' }]
  }
  const entries = slotsOf(resource.entry)
  const isWhole = resource.type === 'document'
  const told = itemsBySection(resource)
  const inside = entries.map((entry, index) => {
    const held = elementOf(entry.resource)
    if (held === undefined) return []
    const demanded = demandedOf(resource, entry)
    const verdicts = judgeTree(
      { resource: held, demanded, beside: entries, isWhole, isCheckup: place.isCheckup },
      `${path}.entry[${index}].resource`,
      maps,
      depth + 1,
    )
    const [first, ...rest] = verdicts
    const item = told.get(held)
    return first === undefined || item === undefined ? verdicts : [{ ...first, item }, ...rest]
  })
  return [
    withEntries(
      own,
      inside.map(([first]) => first),
      isNational(own),
    ),
    ...inside.flatMap((verdicts) => withBundleIssues(verdicts, own)),
  ]
}

/** In a document, what a section says its diseases and treatments are. */
function itemsBySection(bundle: Element): Map<Element, CatalogueItem> {
  if (bundle.type !== 'document') return new Map()
  const told = liftSections(bundle).flatMap(({ entries }) => entries)
  return new Map(
    told.flatMap(({ resource, item }) => (item === undefined ? [] : [[resource, item] as const])),
  )
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
  return profile !== null && isNationalProfile(profile)
}

function judgeOne(place: Place, path: string, maps: CodeMaps): Verdict {
  const { resource } = place
  const { judged, finding } = findLevel(place, maps)
  const profile = judged.profiles[0] ?? null
  const type = resource.resourceType
  const verdict = {
    path,
    resourceType: typeof type === 'string' ? type : null,
    profile: profile ?? profilesClaimed(resource)[0] ?? null,
    igVersion: profile !== null && isVersioned(profile) ? versionName(judged.version) : null,
    item: classify(resource) ?? null,
  }
  return { ...verdict, issues: [], added: [], lacking: [], ...finding }
}

const WORST: readonly Level[] = ['national-conformant', 'convertible', 'readable', 'nonconformant']

/** A Bundle fits no better than what must be in it; one that claims nothing is as good as its worst entry. */
function withEntries(own: Verdict, entries: readonly (Verdict | undefined)[], isNational: boolean): Verdict {
  const issues = [...own.issues]
  for (const entry of entries) {
    if (entry?.level === 'nonconformant' && own.level !== 'nonconformant')
      issues.push({
        rule: 'tsunagi-entry',
        path: placeIn(own, entry),
        text: '中のリソースが規則に合っていません。',
      })
  }
  if (issues.some(({ rule }) => rule !== UNKNOWN_VERSION))
    return { ...own, level: 'nonconformant', issues, added: [] }
  const levels = entries.flatMap((entry) => (entry === undefined ? [] : [entry.level]))
  const counted = isNational ? levels.filter((level) => level !== 'readable') : levels
  const start = isNational ? own.level : 'national-conformant'
  const level = [start, ...counted].reduce((one, other) =>
    WORST.indexOf(other) > WORST.indexOf(one) ? other : one,
  )
  const added = [
    ...own.added,
    ...entries
      .filter((entry) => entry !== undefined)
      .flatMap((entry) => entry.added.map((each) => ({ ...each, path: within(own, entry, each.path) }))),
  ]
  return { ...own, level: levels.length === 0 && !isNational ? own.level : level, issues, added }
}

/** What a Bundle's rules say of an entry is said at the entry too, from there. */
function withBundleIssues(verdicts: readonly Verdict[], bundle: Verdict): Verdict[] {
  return verdicts.map((verdict) => {
    const place = placeIn(bundle, verdict)
    const name = nameOf(verdict)
    const own = bundle.issues
      .filter(({ path }) => path === place || path.startsWith(`${place}.`))
      .map((issue) => ({ ...issue, path: `${name}${issue.path.slice(place.length)}` }))
    return own.length === 0
      ? verdict
      : { ...verdict, level: 'nonconformant', issues: [...own, ...verdict.issues], added: [] }
  })
}

/** A place in an entry, from its Bundle. */
function within(bundle: Verdict, entry: Verdict, path: string): string {
  return `${placeIn(bundle, entry)}${path.slice(String(entry.resourceType).length)}`
}

/** Where an entry stands, from its Bundle. */
function placeIn(bundle: Verdict, entry: Verdict): string {
  return `Bundle${entry.path.slice(bundle.path.length)}`
}
