import { SYSTEMS } from '../../vocabulary/index.ts'
import { codesOf, type Element, elementOf, elementsOf, textOf } from '../elements.ts'
import { judgeDesignated } from '../laboratory.ts'
import { presentSystem } from '../mapping/national-systems.ts'
import { IG_VERSIONS } from '../rules/rules-at.ts'
import type { Breach } from './breach.ts'
import { CODE_SHAPES, NOT_CODED } from './code-shapes.ts'

/**
 * What the guides say in words and no invariant of 1.5.2 checks. A rule that the guides number keeps its number;
 * the others are named for what they are about.
 */
interface ProjectRule {
  rule: string
  /** The profile it belongs to, by the end of its URL. */
  on: string
  /** Versions it holds for, first and last. */
  since?: string
  until?: string
  /** Where it is broken. */
  broken: (resource: Element) => string[]
  text: string
}

const LOCAL_CODE = 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS'
/** One of them stands beside the local code; the last says that there is none. */
const STANDARD: ReadonlySet<string> = new Set([
  ...SYSTEMS.coreLaboratory,
  ...SYSTEMS.infectionLaboratory,
  'http://medis.or.jp/CodeSystem/master-JLAC10-17digits',
  'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_Uncoded_CS',
])
const INSURED = SYSTEMS.insuredNumber
const PUBLIC_PAYER = 'http://jpfhir.jp/fhir/clins/Idsystem/JP_PublicPayer_memberID'
const INSURED_VALUE = /^[0-9]{8}:[^:^\s^　]*:[^:^\s^　]*:(.{0}|[0-9][0-9])$/u
const PUBLIC_PAYER_VALUE = /^[0-9]{8}::[^:^\s^　]{7}:$/u
const LOCAL_PATIENT = 'urn:oid:1.2.392.100495.20.3.51.'

/** Half-width katakana, full-width space, control characters. */
const UNFIT_TEXT = /[\uff61-\uff9f\u3000\u0000-\u001f\u007f]/u

const RULES: readonly ProjectRule[] = [
  {
    rule: 'R6021',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) => (codesOf(code).some(({ system }) => system === LOCAL_CODE) ? [] : ['code.coding']),
    text: '検査には、自施設のローカルコード（JP_CLINS_ObsLabResult_LocalCode_CS）が必要です。',
  },
  {
    rule: 'R6031',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) => codingPaths(code, 'code', ({ code, display }) => isUnfit(code) || isUnfit(display)),
    text: '検査のコードと名称に、半角カナ、全角空白、制御文字は使えません。',
  },
  {
    rule: 'tsunagi-laboratory-standard-code',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) => (codesOf(code).some(({ system }) => STANDARD.has(system)) ? [] : ['code.coding']),
    text: '検査には、JLAC のコードか未標準化コードが、ローカルコードのほかに必要です。',
  },
  {
    rule: 'tsunagi-laboratory-group',
    on: 'JP_Observation_LabResult_eCS',
    until: '1.5.4',
    broken: ({ code }) => codingPaths(code, 'code', (each) => judgeDesignated(each)?.isListed === false),
    text: '臨床検査項目・感染症項目の一覧（1.5.2）にないコードです。',
  },
  {
    rule: 'tsunagi-laboratory-analyte',
    on: 'JP_Observation_LabResult_eCS',
    since: '1.6.0',
    broken: ({ code }) =>
      codingPaths(code, 'code', (each) => judgeDesignated(each)?.isAnalyteKnown === false),
    text: '臨床検査項目・感染症項目の分析物にないコードです。',
  },
  {
    rule: 'tsunagi-laboratory-name',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) =>
      codingPaths(code, 'code', (each) => judgeDesignated(each)?.isNamedOtherwise === true),
    text: 'コードと名称（display）が別の項目のものです。',
  },
  {
    rule: 'tsunagi-value-or-reason',
    on: 'JP_Observation_LabResult_eCS',
    broken: (resource) =>
      hasResult(resource) || textOf(elementOf(resource.dataAbsentReason)?.text) !== undefined
        ? []
        : ['dataAbsentReason.text'],
    text: '結果値がないときは、その理由（dataAbsentReason.text）が必要です。',
  },
  {
    rule: 'tsunagi-quantity-unit',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ valueQuantity }) => {
      const quantity = elementOf(valueQuantity)
      return quantity === undefined ||
        textOf(quantity.unit) !== undefined ||
        textOf(quantity.code) !== undefined
        ? []
        : ['valueQuantity.unit']
    },
    text: '数値の結果に単位がありません（単位のない項目は unit を「1」とします）。',
  },
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
    rule: 'tsunagi-allergen-parts',
    on: 'JP_AllergyIntolerance_eCS',
    broken: ({ code }) =>
      codingPaths(code, 'code', ({ system, code, display }) =>
        [system, code, display].some((each) => textOf(each) === undefined),
      ),
    text: 'アレルゲンのコードには system、code、display のすべてが必要です。',
  },
  {
    rule: 'R1012',
    on: 'JP_Patient_eCS',
    since: '1.10.0-20250522',
    broken: ({ identifier }) => (insuredNumbers(identifier).length === 1 ? [] : ['identifier']),
    text: '被保険者個人識別子か公費の識別子が、合わせてちょうど一つ必要です。',
  },
  {
    rule: 'R1013',
    on: 'JP_Patient_eCS',
    since: '1.10.0-20250522',
    broken: ({ identifier }) =>
      insuredNumbers(identifier).every(({ system, value }) =>
        (system === INSURED ? INSURED_VALUE : PUBLIC_PAYER_VALUE).test(String(value)),
      )
        ? []
        : ['identifier'],
    text: '被保険者個人識別子は「保険者番号8桁:記号:番号:枝番2桁または空」、公費は「負担者番号8桁::受給者番号7桁:」です。',
  },
  {
    rule: 'R1011',
    on: 'JP_Patient_eCS',
    broken: ({ identifier, extension }) => {
      const number = institutionNumber(extension)
      const local = elementsOf(identifier).find(
        ({ system }) => typeof system === 'string' && system.startsWith(LOCAL_PATIENT),
      )
      return number === undefined || local === undefined || local.system === `${LOCAL_PATIENT}1${number}`
        ? []
        : ['identifier']
    },
    text: '施設の患者IDの医療機関番号が、医療機関番号の拡張と違います。',
  },
]

/** The rules in words that a resource breaks, of the profiles given, at a version. */
export function projectBreaches(resource: Element, profiles: readonly string[], version: number): Breach[] {
  const names = profiles.map((profile) => profile.slice(profile.lastIndexOf('/') + 1))
  const type = String(resource.resourceType)
  const own = RULES.filter(({ on, since, until }) => names.includes(on) && isWithin(version, since, until))
  const broken = own.flatMap(({ rule, broken, text }) =>
    broken(resource).map((path) => ({ rule, path: `${type}.${path}`, text })),
  )
  return [...broken, ...shapeBreaches(resource, type)]
}

const OF_VERSIONS: ReadonlySet<string> = new Set(
  RULES.flatMap(({ rule, since, until }) => (since === undefined && until === undefined ? [] : [rule])),
)

/** Whether a rule in words holds for some versions only. */
export function isOfVersions(rule: string): boolean {
  return OF_VERSIONS.has(rule)
}

function isWithin(version: number, since?: string, until?: string): boolean {
  return (
    (since === undefined || IG_VERSIONS.indexOf(since) <= version) &&
    (until === undefined || version <= IG_VERSIONS.indexOf(until))
  )
}

/** Codes that cannot be of the system they name. */
function shapeBreaches(resource: Element, type: string): Breach[] {
  const concepts = [
    ['code', resource.code],
    ['medicationCodeableConcept', resource.medicationCodeableConcept],
  ] as const
  return concepts.flatMap(([name, concept]) =>
    elementsOf(elementOf(concept)?.coding).flatMap(({ system, code, display }, index) => {
      const shape = typeof system === 'string' ? CODE_SHAPES.get(presentSystem(system)) : undefined
      const fault = shape?.faultOf(String(code), textOf(display))
      return fault === undefined
        ? []
        : [{ rule: fault.rule, path: `${type}.${name}.coding[${index}].code`, text: fault.text }]
    }),
  )
}

function codingPaths(concept: unknown, name: string, isBroken: (coding: Element) => boolean): string[] {
  return elementsOf(elementOf(concept)?.coding).flatMap((coding, index) =>
    isBroken(coding) ? [`${name}.coding[${index}]`] : [],
  )
}

function isUnfit(text: unknown): boolean {
  return typeof text === 'string' && UNFIT_TEXT.test(text)
}

function hasResult(resource: Element): boolean {
  return (
    Object.keys(resource).some((key) => key.startsWith('value')) ||
    elementsOf(resource.component).length > 0 ||
    elementsOf(resource.hasMember).length > 0
  )
}

function insuredNumbers(identifier: unknown): Element[] {
  return elementsOf(identifier).filter(({ system }) => system === INSURED || system === PUBLIC_PAYER)
}

function institutionNumber(extension: unknown): string | undefined {
  const found = elementsOf(extension).find(({ url }) => url === SYSTEMS.institutionNumberExtension)
  return textOf(elementOf(found?.valueIdentifier)?.value)
}
