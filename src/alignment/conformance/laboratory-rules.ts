import { SYSTEMS } from '../../vocabulary/index.ts'
import { codesOf, type Element, elementOf, elementsOf, textOf } from '../elements.ts'
import { designatedItem, judgeDesignated } from '../laboratory.ts'
import { BARE_NUMBER, bareNumbers } from './bare-numbers.ts'
import { codingPaths, type ProjectRule } from './project-rule.ts'

const LOCAL_CODE = 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS'
const LOCAL_CODE_FORM = /^[A-Za-z0-9_-]+$/
/** One of them stands beside the local code; the last says that there is none. */
const STANDARD: ReadonlySet<string> = new Set([
  ...SYSTEMS.coreLaboratory,
  ...SYSTEMS.infectionLaboratory,
  'http://medis.or.jp/CodeSystem/master-JLAC10-17digits',
  'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_Uncoded_CS',
])

/** Half-width katakana, full-width space, control characters. */
const UNFIT_TEXT = /[\uff61-\uff9f\u3000\u0000-\u001f\u007f]/u

/** Of results: JP-CLINS 1.5.2, how laboratory items are coded. */
export const LABORATORY_RULES: readonly ProjectRule[] = [
  {
    rule: 'R6021',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) => (codesOf(code).some(({ system }) => system === LOCAL_CODE) ? [] : ['code.coding']),
    text: '検査には、自施設のローカルコード（JP_CLINS_ObsLabResult_LocalCode_CS）が必要です。',
  },
  {
    rule: 'R6031',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) => [
      ...codingPaths(code, 'code', ({ code, display }) => isUnfit(code) || isUnfit(display)),
      ...(isUnfit(elementOf(code)?.text) ? ['code.text'] : []),
    ],
    text: '検査のコードと名称に、半角カナ、全角空白、制御文字は使えません。',
  },
  {
    rule: 'R6031',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) =>
      codingPaths(
        code,
        'code',
        ({ system, code }) =>
          system === LOCAL_CODE && typeof code === 'string' && !LOCAL_CODE_FORM.test(code),
      ),
    text: '施設固有コードに使えるのは、英数字、ハイフン、アンダーバーだけです。',
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
    rule: 'tsunagi-laboratory-group-once',
    on: 'JP_Observation_LabResult_eCS',
    broken: ({ code }) => {
      const seen = new Set<string>()
      return codingPaths(code, 'code', (coding) => {
        const group = designatedItem(coding)
        const isRepeated = group !== undefined && seen.has(group)
        if (group !== undefined) seen.add(group)
        return isRepeated
      })
    },
    text: '同じ臨床検査項目・感染症項目のコードが二つあります。',
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
  ...['JP_Observation_LabResult_eCS', 'JP_Observation_Common_eCS'].map((on) => ({
    rule: BARE_NUMBER.rule,
    on,
    broken: bareNumbers,
    text: BARE_NUMBER.text,
  })),
]

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
