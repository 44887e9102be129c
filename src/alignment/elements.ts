/**
 * Reading FHIR that nobody has checked: a source may send any JSON, and what cannot be read is simply not
 * there. Nothing here throws.
 */
export type Element = { readonly [key: string]: unknown }

export interface Code {
  system: string
  code: string
  display: string | undefined
}

export function elementOf(value: unknown): Element | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Element) : undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function elementsOf(value: unknown): Element[] {
  const found: Element[] = []
  for (const each of listOf(value)) {
    const element = elementOf(each)
    if (element !== undefined) found.push(element)
  }
  return found
}

/** The members of a list, each in its place: what is no object has nothing in it. */
export function slotsOf(value: unknown): Element[] {
  return listOf(value).map((each) => elementOf(each) ?? {})
}

/** A string with something to see in it. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** The codings of a CodeableConcept that name both a system and a code. */
export function codesOf(concept: unknown): Code[] {
  const found: Code[] = []
  for (const coding of listOf(elementOf(concept)?.coding)) {
    const { system, code, display } = elementOf(coding) ?? {}
    if (typeof system === 'string' && typeof code === 'string')
      found.push({ system, code, display: textOf(display) })
  }
  return found
}

export function hasCode(concept: unknown, systems: readonly string[], code: string): boolean {
  return codesOf(concept).some((each) => each.code === code && systems.includes(each.system))
}
