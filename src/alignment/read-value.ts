import { elementOf, elementsOf, textOf } from './elements.ts'
import { digitsOf } from './exact-json.ts'
import { conceptText, present } from './read-concept.ts'

/** An Observation's or a component's value in words, digits as written; why there is none, where that is said. */
export function valueText(holder: unknown): string | undefined {
  const element = elementOf(holder)
  if (element === undefined) return undefined
  const { valueString, valueInteger, valueBoolean, valueDateTime, valueTime, dataAbsentReason } = element
  const boolean = typeof valueBoolean === 'boolean' ? (valueBoolean ? 'はい' : 'いいえ') : undefined
  return (
    quantityText(element.valueQuantity) ??
    conceptText(element.valueCodeableConcept) ??
    textOf(valueString) ??
    digitsOf(valueInteger) ??
    boolean ??
    rangeText(element.valueRange) ??
    ratioText(element.valueRatio) ??
    textOf(valueDateTime) ??
    textOf(valueTime) ??
    absenceText(dataAbsentReason)
  )
}

/** `7.10 mmol/L`; the sign of "less than" and the like before it. */
export function quantityText(quantity: unknown): string | undefined {
  const element = elementOf(quantity)
  const digits = digitsOf(element?.value)
  if (element === undefined || digits === undefined) return undefined
  const unit = textOf(element.unit) ?? textOf(element.code)
  return `${textOf(element.comparator) ?? ''}${[digits, ...present(unit)].join(' ')}`
}

/** Low and high of a range; the unit once where both share it. */
export function rangeText(range: unknown): string | undefined {
  const { low, high } = elementOf(range) ?? {}
  const [from, to] = [quantityText(low), quantityText(high)]
  if (from === undefined && to === undefined) return undefined
  const isShared = elementOf(low)?.unit === elementOf(high)?.unit
  const start = isShared ? (digitsOf(elementOf(low)?.value) ?? '') : (from ?? '')
  return `${start}～${to ?? ''}`
}

function ratioText(ratio: unknown): string | undefined {
  const { numerator, denominator } = elementOf(ratio) ?? {}
  const [above, below] = [quantityText(numerator), quantityText(denominator)]
  return above === undefined || below === undefined ? undefined : `${above} / ${below}`
}

function absenceText(reason: unknown): string | undefined {
  const text = conceptText(reason)
  return text === undefined ? undefined : `値の記載がありません（${text}）`
}

/** Systolic and diastolic and the like: `収縮期血圧 128 mmHg`. */
export function componentTexts(components: unknown): string[] {
  return elementsOf(components).flatMap((component) => {
    const value = valueText(component)
    return value === undefined ? [] : [[...present(conceptText(component.code)), value].join(' ')]
  })
}
