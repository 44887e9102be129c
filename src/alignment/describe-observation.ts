import type { Description, Standing } from './description.ts'
import { type Element, elementOf, elementsOf, listOf, textOf } from './elements.ts'
import { conceptText, firstCode, firstDate, present } from './read-concept.ts'
import { componentTexts, rangeText, valueText } from './read-value.ts'

export function describeObservation(resource: Element): Description {
  const { effectiveDateTime, effectivePeriod, effectiveInstant, issued } = resource
  const components = componentTexts(resource.component)
  const value = valueText(resource)
  const codes = listOf(resource.interpretation).map(firstCode)
  return {
    title: conceptText(resource.code),
    value: value ?? (components.length > 0 ? components.join('、') : undefined),
    details: [...(value === undefined ? [] : components), ...referenceTexts(resource.referenceRange)],
    date: firstDate(effectiveDateTime, elementOf(effectivePeriod)?.start, effectiveInstant, issued),
    standing: standingOf(resource),
    notes: notesOf(resource, codes),
    isAbnormal:
      codes.some((code) => code !== undefined && Object.hasOwn(ABNORMAL, code)) || isPositive(resource),
  }
}

/** v3-ObservationInterpretation, those outside what is expected. */
const ABNORMAL: Record<string, string> = {
  H: '高値',
  HH: '極めて高値',
  L: '低値',
  LL: '極めて低値',
  A: '異常',
  AA: '極めて異常',
  POS: '陽性',
}

const WITHDRAWN: Record<string, string> = { 'entered-in-error': '誤記載のため取消', cancelled: '中止' }
const NOTED: Record<string, string> = {
  registered: '未報告',
  preliminary: '暫定',
  amended: '訂正後',
  corrected: '訂正後',
}

function standingOf({ status }: Element): Standing {
  return typeof status === 'string' && Object.hasOwn(WITHDRAWN, status) ? 'withdrawn' : 'stated'
}

function notesOf({ status }: Element, codes: (string | undefined)[]): string[] {
  const state = typeof status === 'string' ? status : ''
  const read = (table: Record<string, string>, code: string | undefined) =>
    code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined
  return present(read(WITHDRAWN, state), read(NOTED, state), ...codes.map((code) => read(ABNORMAL, code)))
}

const POSITIVE_NEGATIVE = 'http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_PosNegHold_CS'

/** JP_PosNegHold_CS: 1 陽性, 2 陰性, 3 判定保留. */
function isPositive({ valueCodeableConcept }: Element): boolean {
  return elementsOf(elementOf(valueCodeableConcept)?.coding).some(
    ({ system, code }) => system === POSITIVE_NEGATIVE && code === '1',
  )
}

function referenceTexts(ranges: unknown): string[] {
  return elementsOf(ranges).flatMap((range) => {
    const text = textOf(range.text) ?? rangeText(range)
    return text === undefined ? [] : [`基準 ${text}`]
  })
}
