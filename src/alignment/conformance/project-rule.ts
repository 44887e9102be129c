import { type Element, elementOf, slotsOf } from '../elements.ts'

/**
 * What the guides say in words and no invariant of 1.5.2 checks. A rule that the guides number keeps its number;
 * the others are named for what they are about.
 */
export interface ProjectRule {
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

/** Where codings of a concept are broken, from the resource: `code.coding[1]`. */
export function codingPaths(
  concept: unknown,
  name: string,
  isBroken: (coding: Element) => boolean,
): string[] {
  return slotsOf(elementOf(concept)?.coding).flatMap((coding, index) =>
    isBroken(coding) ? [`${name}.coding[${index}]`] : [],
  )
}
