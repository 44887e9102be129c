import { type Element, elementOf, elementsOf, textOf } from './elements.ts'
import { conceptText } from './read-concept.ts'

/** Anything in a resource that a person could read of what it is about. */
export function describeAny(resource: Element): string | undefined {
  const {
    code,
    medicationCodeableConcept,
    type,
    vaccineCode,
    title,
    name,
    description,
    category,
    class: kind,
  } = resource
  const concepts = [code, medicationCodeableConcept, vaccineCode, ...asList(type), ...asList(category)]
  return (
    concepts.map(conceptText).find((text) => text !== undefined) ??
    textOf(title) ??
    textOf(description) ??
    nameOf(name) ??
    textOf(elementOf(kind)?.display) ??
    elementsOf(resource.note)
      .map(({ text }) => textOf(text))
      .find((text) => text !== undefined) ??
    narrativeText(resource.text)
  )
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function nameOf(name: unknown): string | undefined {
  if (typeof name === 'string') return textOf(name)
  const [first] = elementsOf(asList(name) as unknown[])
  return first && (textOf(first.text) ?? textOf(first.family))
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** The words of a narrative, and never its markup. */
export function narrativeText(text: unknown): string | undefined {
  const div = textOf(elementOf(text)?.div)
  if (div === undefined) return undefined
  const words = div
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (_whole, name: string) => ENTITIES[name] ?? '')
  return textOf(words.replaceAll(/\s+/g, ' ').trim())
}
