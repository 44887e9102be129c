import { type Element, elementOf, elementsOf, listOf, textOf } from './elements.ts'
import { startOf } from './stated-time.ts'

/** A CodeableConcept in words: its own text, else a display, else a bare code. */
export function conceptText(concept: unknown): string | undefined {
  const element = elementOf(concept)
  const codings = elementsOf(element?.coding)
  return (
    textOf(element?.text) ??
    codings.map(({ display }) => textOf(display)).find((display) => display !== undefined) ??
    codings.map(({ code }) => textOf(code)).find((code) => code !== undefined)
  )
}

/** The code of the first coding, for elements bound to one small table of HL7's. */
export function firstCode(concept: unknown): string | undefined {
  return textOf(elementsOf(elementOf(concept)?.coding)[0]?.code)
}

export function displayOf(reference: unknown): string | undefined {
  return textOf(elementOf(reference)?.display)
}

/** The first of the values that is a FHIR date or instant. */
export function firstDate(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && startOf(value) !== undefined)
}

export function present(...texts: (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined)
}

/** A resource contained in another, or beside it in the same answer, by a literal reference. */
export function referred(
  holder: Element,
  reference: unknown,
  beside: readonly Element[],
): Element | undefined {
  const name = textOf(elementOf(reference)?.reference)
  if (name === undefined) return undefined
  if (name.startsWith('#')) {
    return elementsOf(listOf(holder.contained)).find(({ id }) => id === name.slice(1))
  }
  return beside.find(({ resourceType, id }) => name === `${String(resourceType)}/${String(id)}`)
}
