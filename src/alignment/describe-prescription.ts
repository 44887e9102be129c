import type { Description, Standing } from './description.ts'
import { type Element, elementOf, elementsOf, textOf } from './elements.ts'
import { knownAbsence } from './known-absence.ts'
import { conceptText, displayOf, firstDate, present, referred } from './read-concept.ts'
import { quantityText } from './read-value.ts'

/** `beside` are the other resources of the same answer, among which a drug may stand for itself. */
export function describePrescription(resource: Element, beside: readonly Element[]): Description {
  const { medicationCodeableConcept: concept, medicationReference: reference, dispenseRequest } = resource
  const days = quantityText(elementOf(dispenseRequest)?.expectedSupplyDuration)
  const amount = quantityText(elementOf(dispenseRequest)?.quantity)
  return {
    title:
      conceptText(concept) ??
      conceptText(referred(resource, reference, beside)?.code) ??
      displayOf(reference),
    details: [
      ...elementsOf(resource.dosageInstruction).flatMap(dosageTexts),
      ...present(days?.replace(' ', ''), amount && `全量 ${amount}`),
    ],
    date: firstDate(resource.authoredOn),
    ...standingOf(resource),
    absent: knownAbsence(concept)?.items,
  }
}

function dosageTexts({ text, doseAndRate }: Element): string[] {
  const dose = elementsOf(doseAndRate)
    .map(({ doseQuantity }) => quantityText(doseQuantity))
    .find((each) => each !== undefined)
  return present(textOf(text), dose && `１回 ${dose}`)
}

const WITHDRAWN: Record<string, string> = { 'entered-in-error': '誤記載のため取消', cancelled: '取消' }
const NOTED: Record<string, string> = {
  stopped: '中止',
  'on-hold': '保留',
  draft: '下書き',
  unknown: '状態不明',
}
const NO_ORDER = new Set(['proposal', 'plan', 'option'])

/** `doNotPerform`, `status` and `intent` change what the resource means (R4: isModifier), so each has its word. */
function standingOf({ status, intent, doNotPerform }: Element): { standing: Standing; notes: string[] } {
  const state = typeof status === 'string' ? status : ''
  if (Object.hasOwn(WITHDRAWN, state)) return { standing: 'withdrawn', notes: present(WITHDRAWN[state]) }
  const notes = [
    ...(doNotPerform === true ? ['投与しないことの指示'] : []),
    ...present(Object.hasOwn(NOTED, state) ? NOTED[state] : undefined),
    ...(typeof intent === 'string' && NO_ORDER.has(intent) ? ['予定（未処方）'] : []),
  ]
  return { standing: state === 'stopped' ? 'ended' : 'stated', notes }
}
