import { elementOf } from '../elements.ts'
import { digitsOf, ExactNumber } from '../exact-json.ts'

/** Whether a value is exactly the fixed one. */
export function isFixedAs(value: unknown, fixed: unknown): boolean {
  if (value instanceof ExactNumber) return typeof fixed === 'number' && Number(digitsOf(value)) === fixed
  if (Array.isArray(fixed))
    return (
      Array.isArray(value) &&
      value.length === fixed.length &&
      fixed.every((each, index) => isFixedAs(value[index], each))
    )
  const [one, other] = [elementOf(value), elementOf(fixed)]
  if (one === undefined || other === undefined) return value === fixed
  const keys = Object.keys(other)
  return Object.keys(one).length === keys.length && keys.every((key) => isFixedAs(one[key], other[key]))
}

/** Whether a value holds everything the pattern holds (R4, ElementDefinition.pattern). */
export function isPatternedAs(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) && pattern.every((each) => value.some((member) => isPatternedAs(member, each)))
    )
  const [one, other] = [elementOf(value), elementOf(pattern)]
  if (one === undefined || other === undefined || value instanceof ExactNumber)
    return isFixedAs(value, pattern)
  return Object.entries(other).every(([key, each]) => isPatternedAs(one[key], each))
}
