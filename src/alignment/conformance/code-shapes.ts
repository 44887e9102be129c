import { SYSTEMS } from '../../vocabulary/index.ts'
import drugs from '../rules/drug-names.json' with { type: 'json' }

/** Codes that say "not coded": all nines, JLAC10 and MEDIS alike. */
export const NOT_CODED = /^9+$/

interface Shape {
  faultOf: (code: string, display: string | undefined) => { rule: string; text: string } | undefined
}

/** Names of general-name codes known here, without the mark 【般】 and spaces. */
const GENERAL_NAMES = new Map(Object.entries(drugs.general).map(([code, name]) => [bareName(name), code]))

/** How codes of a national system look. The registers themselves are their owners'. */
export const CODE_SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  [
    'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code',
    shape(/^[0-9]{4}[0-9]{3}[A-Z][0-9]{4}$/, 'YJコードは、数字7桁・英字1桁・数字4桁の12桁です。'),
  ],
  ['http://medis.or.jp/CodeSystem/master-HOT9', shape(/^[0-9]{9}$/, 'HOT9コードは数字9桁です。')],
  ['http://medis.or.jp/CodeSystem/master-HOT7', shape(/^[0-9]{7}$/, 'HOT7コードは数字7桁です。')],
  ['http://medis.or.jp/CodeSystem/master-HOT13', shape(/^[0-9]{13}$/, 'HOT13コードは数字13桁です。')],
  ...[
    'http://medis.or.jp/CodeSystem/master-JLAC10-17digits',
    ...[SYSTEMS.coreLaboratory, SYSTEMS.infectionLaboratory].map(([jlac10]) => jlac10),
  ].map((system) => [system, shape(/^[0-9A-Z]{17}$/, 'JLAC10コードは17桁です。')] as const),
  [
    'http://medis.or.jp/CodeSystem/master-disease-keyNumber',
    shape(/^[0-9]{8}$/, '病名管理番号は数字8桁です。'),
  ],
  [
    'http://medis.or.jp/CodeSystem/master-disease-exCode',
    shape(/^[0-9A-Z]{4}$/, '病名交換用コードは4桁です。'),
  ],
  [
    'http://jpfhir.jp/fhir/core/mhlw/CodeSystem/ICD10-2013-full',
    shape(/^[A-Z][0-9]{2}\.?[0-9A-Z]{0,3}$/, 'ICD-10コードは、英字1桁・数字2桁で始まります。'),
  ],
  [
    'http://jpfhir.jp/fhir/core/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS',
    shape(/^YCM[0-9]{7}[A-Z][0-9]{4}$/, 'YCMコードは、YCM にYJコード12桁を続けたものです。'),
  ],
  [
    'http://jpfhir.jp/fhir/core/CodeSystem/GCM/JP_JfagyMedicationAllergen_CS',
    shape(
      /^GCM[0-9]{7}[A-Z][0-9](ZZZ|[0-9]{3})$/,
      'GCMコードは、GCM に成分コード12桁（末尾 ZZZ）を続けたものです。',
    ),
  ],
  [
    'http://jpfhir.jp/fhir/core/CodeSystem/JP_JfagyFoodAllergen_CS',
    shape(/^(J9F[A-Z][0-9]{8}|D9F000000000)$/, '食品アレルゲンは J9F で始まる12桁です。'),
  ],
  [
    'http://jpfhir.jp/fhir/core/CodeSystem/JP_JfagyNonFoodNonMedicationAllergen_CS',
    shape(/^(J9N[A-Z][0-9]{8}|D9N000000000)$/, '非食品・非医薬品アレルゲンは J9N で始まる12桁です。'),
  ],
  ['http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationGeneralOrderCode', { faultOf: generalNameFault }],
])

function shape(pattern: RegExp, text: string): Shape {
  return {
    faultOf: (code) =>
      pattern.test(code) || NOT_CODED.test(code) ? undefined : { rule: 'tsunagi-code-shape', text },
  }
}

/** A general-name code has no check digit; that it stands beside another drug's name shows only where the name is known. */
function generalNameFault(
  code: string,
  display: string | undefined,
): { rule: string; text: string } | undefined {
  if (!/^[0-9]{7}[A-Z][0-9](ZZZ|[0-9]{3})$/.test(code))
    return {
      rule: 'tsunagi-code-shape',
      text: '一般名処方コードは、数字7桁・英字1桁・数字1桁に ZZZ を続けた12桁です。',
    }
  const known = display === undefined ? undefined : GENERAL_NAMES.get(bareName(display))
  return known === undefined || known === code
    ? undefined
    : {
        rule: 'tsunagi-general-name',
        text: `一般名処方コードが名称と合いません（この名称のコードは ${known} です）。`,
      }
}

function bareName(name: string): string {
  return name.normalize('NFKC').replaceAll(/【般】|\s/g, '')
}
