import { SYSTEMS } from '../../vocabulary/index.ts'
import { type Element, elementOf, elementsOf, slotsOf, textOf } from '../elements.ts'
import type { ProjectRule } from './project-rule.ts'

const INSURED = SYSTEMS.insuredNumber
const PUBLIC_PAYER = SYSTEMS.publicPayerNumber
const INSURED_VALUE = /^[0-9]{8}:[^:^\s^　]*:[^:^\s^　]*:(.{0}|[0-9][0-9])$/u
const PUBLIC_PAYER_VALUE = /^[0-9]{8}::[^:^\s^　]{7}:$/u
/** What is none by its form breaks R1010. */
const LOCAL_PATIENT = /^urn:oid:1\.2\.392\.100495\.20\.3\.51\.1([0-9]{10})$/

/** Of a person's numbers. */
export const PATIENT_RULES: readonly ProjectRule[] = [
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
      return number === undefined ? [] : localIdsOfOthers(identifier, number).slice(0, 1)
    },
    text: '施設の患者IDの医療機関番号が、医療機関番号の拡張と違います。',
  },
]

function insuredNumbers(identifier: unknown): Element[] {
  return elementsOf(identifier).filter(({ system }) => system === INSURED || system === PUBLIC_PAYER)
}

/** The number of the institution that a resource says it is from. */
export function institutionNumber(extension: unknown): string | undefined {
  const found = elementsOf(extension).find(({ url }) => url === SYSTEMS.institutionNumberExtension)
  return textOf(elementOf(found?.valueIdentifier)?.value)
}

/** Where a Patient's local ids are of another institution than the given. */
export function localIdsOfOthers(identifier: unknown, number: string): string[] {
  return slotsOf(identifier).flatMap(({ system }, index) => {
    const [, own] = LOCAL_PATIENT.exec(String(system)) ?? []
    return own === undefined || own === number ? [] : [`identifier[${index}].system`]
  })
}
