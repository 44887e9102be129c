import { elementOf, elementsOf } from '../elements.ts'
import type { Rule } from '../rules/rule.ts'
import type { Check } from './check-element.ts'
import { isFixedAs, isPatternedAs } from './same-value.ts'
import { sentences } from './sentences.ts'
import { isInValueSet } from './value-sets.ts'

/** What a rule says of a value itself: its text, its codes, its type, where it leads. */
export function checkDemand(
  check: Check,
  value: unknown,
  type: string,
  rule: Rule,
  name: string,
  path: string,
): void {
  const { breaches } = check
  if (rule.fixed !== undefined && !isFixedAs(value, rule.fixed))
    breaches.add(`${name}:fixed`, path, sentences.fixed(rule.fixed))
  if (rule.pattern !== undefined && !isPatternedAs(value, rule.pattern))
    breaches.add(
      `${name}:pattern`,
      path,
      typeof rule.pattern === 'object' ? sentences.pattern(rule.pattern) : sentences.fixed(rule.pattern),
    )
  if (rule.types !== undefined && !rule.types.includes(type))
    breaches.add(`${name}:type`, path, sentences.type(rule.types))
  if (rule.bind !== undefined && isInValueSet(value, rule.bind) === false)
    breaches.add(`${name}:bind`, path, sentences.bind(rule.bind))
  if (rule.codes !== undefined && !codesOf(value).every((code) => rule.codes?.includes(code)))
    breaches.add(`${name}:codes`, path, sentences.codes(rule.codes))
  if (rule.maxLength !== undefined && typeof value === 'string' && value.length > rule.maxLength)
    breaches.add(`${name}:length`, path, sentences.length(rule.maxLength))
  const reference = type === 'Reference' && rule.targets !== undefined ? elementOf(value) : undefined
  if (reference !== undefined) check.checkTargets(reference, rule.targets ?? [], path, name)
}

/** The codes of a code, or of a CodeableConcept. */
function codesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return elementsOf(elementOf(value)?.coding).flatMap(({ code }) => (typeof code === 'string' ? [code] : []))
}
