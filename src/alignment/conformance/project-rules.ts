import { type Element, elementOf, slotsOf, textOf } from '../elements.ts'
import { presentSystem } from '../mapping/national-systems.ts'
import { IG_VERSIONS } from '../rules/rules-at.ts'
import type { Breach } from './breach.ts'
import { BUNDLE_ID } from './bundle-id.ts'
import { CODE_SHAPES, NOT_CODED } from './code-shapes.ts'
import { LABORATORY_RULES } from './laboratory-rules.ts'
import { PATIENT_RULES } from './patient-rules.ts'
import { codingPaths, type ProjectRule } from './project-rule.ts'
import { SECTION_CODE, sectionBreaches } from './section-rules.ts'
import { TAG_RULES } from './tag-rules.ts'

const RULES: readonly ProjectRule[] = [
  ...LABORATORY_RULES,
  ...PATIENT_RULES,
  ...TAG_RULES,
  {
    rule: 'tsunagi-uncoded-disease',
    on: 'JP_Condition_eCS',
    broken: ({ code }) =>
      codingPaths(
        code,
        'code',
        ({ system, code, display }) =>
          /master-disease-keyNumber$/.test(String(system)) &&
          NOT_CODED.test(String(code)) &&
          display !== '未コード化傷病名',
      ),
    text: '未コード化の傷病名の表示は「未コード化傷病名」です。',
  },
  {
    rule: 'tsunagi-condition-dates',
    on: 'JP_Condition_eCS',
    broken: ({ onsetDateTime, abatementDateTime }) =>
      isBefore(textOf(abatementDateTime), textOf(onsetDateTime)) ? ['abatement'] : [],
    text: '終了日が発症日より前です。',
  },
  {
    rule: 'tsunagi-allergen-parts',
    on: 'JP_AllergyIntolerance_eCS',
    broken: ({ code }) =>
      codingPaths(code, 'code', ({ system, code, display }) =>
        [system, code, display].some((each) => textOf(each) === undefined),
      ),
    text: 'アレルゲンのコードには system、code、display のすべてが必要です。',
  },
  // Bound by JP_AllergyIntolerance_VS, which the packages at hand do not hold; its systems are J-FAGY's.
  {
    rule: 'tsunagi-allergen-system',
    on: 'JP_AllergyIntolerance_eCS',
    broken: ({ code }) => {
      const codings = slotsOf(elementOf(code)?.coding)
      return codings.length === 0 || codings.some(({ system }) => /Jfagy/.test(presentSystem(String(system))))
        ? []
        : ['code.coding']
    },
    text: 'アレルゲンには、J-FAGY のコード体系のコードが必要です。',
  },
  // A submission has it as an invariant; of documents the guide says it in words.
  ...['JP_Bundle_eReferral', 'JP_Bundle_eDischargeSummary', 'JP_Bundle_ePCS'].map((on) => ({
    rule: 'R2152',
    on,
    broken: ({ identifier }: Element) => {
      const value = elementOf(identifier)?.value
      return typeof value === 'string' && !BUNDLE_ID.test(value) ? ['identifier.value'] : []
    },
    text: 'Bundle.identifier.value は「医療機関番号10桁^西暦4桁^英数字とハイフン36字以内」です。',
  })),
]

/** By as much of both days as is stated; by the moment where both state one. */
function isBefore(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false
  if (one.includes('T') && other.includes('T')) return Date.parse(one) < Date.parse(other)
  const length = Math.min(one.length, other.length, 'YYYY-MM-DD'.length)
  return one.slice(0, length) < other.slice(0, length)
}

/** By profile, with the places of the versions that each holds for. */
const RULES_ON = Map.groupBy(
  RULES.map((rule) => ({
    ...rule,
    first: rule.since === undefined ? 0 : IG_VERSIONS.indexOf(rule.since),
    last: rule.until === undefined ? Number.POSITIVE_INFINITY : IG_VERSIONS.indexOf(rule.until),
  })),
  ({ on }) => on,
)

/** The rules in words that a resource breaks, of the profiles given, at a version. */
export function projectBreaches(resource: Element, profiles: readonly string[], version: number): Breach[] {
  const type = String(resource.resourceType)
  const broken = profiles.flatMap((profile) =>
    (RULES_ON.get(profile.slice(profile.lastIndexOf('/') + 1)) ?? [])
      .filter(({ first, last }) => first <= version && version <= last)
      .flatMap(({ rule, broken, text }) =>
        broken(resource).map((path) => ({ rule, path: `${type}.${path}`, text })),
      ),
  )
  return [...broken, ...sectionBreaches(resource, profiles, version), ...shapeBreaches(resource, type)]
}

const OF_VERSIONS: ReadonlySet<string> = new Set([
  SECTION_CODE,
  ...RULES.flatMap(({ rule, since, until }) => (since === undefined && until === undefined ? [] : [rule])),
])

/** Whether a rule in words holds for some versions only. */
export function isOfVersions(rule: string): boolean {
  return OF_VERSIONS.has(rule)
}

/** Codes that cannot be of the system they name. */
function shapeBreaches(resource: Element, type: string): Breach[] {
  const concepts = [
    ['code', resource.code],
    ['medication', resource.medicationCodeableConcept],
  ] as const
  return concepts.flatMap(([name, concept]) =>
    slotsOf(elementOf(concept)?.coding).flatMap(({ system, code, display }, index) => {
      const shape = typeof system === 'string' ? CODE_SHAPES.get(presentSystem(system)) : undefined
      const fault = shape?.faultOf(String(code), textOf(display))
      return fault === undefined
        ? []
        : [{ rule: fault.rule, path: `${type}.${name}.coding[${index}].code`, text: fault.text }]
    }),
  )
}
