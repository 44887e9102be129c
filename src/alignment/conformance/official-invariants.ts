import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'
import published from '../rules/invariants.json' with { type: 'json' }

interface Invariant {
  /** `R3010`; the guide's own key where its text has no number. */
  rule: string
  expression: string
  text: string
}

const INVARIANTS = new Map<string, Invariant>(Object.entries(published.invariants))

type Evaluate = (value: unknown) => unknown

const COMPILED = new Map<string, Evaluate>()

/**
 * Runs a guide's own FHIRPath as it is published. Gives the invariant where it does not hold; what cannot be
 * evaluated (two values where one may be) does not hold either. Unknown keys hold: `validEntryProfile-*` of 1.5.2
 * is inverted, so bundle-rules.ts says what it was meant to say.
 */
export function brokenInvariant(
  key: string,
  value: unknown,
  type: string,
): Omit<Invariant, 'expression'> | undefined {
  const invariant = INVARIANTS.get(key)
  if (invariant === undefined) return undefined
  const { rule, expression, text } = invariant
  const isHeld = type === 'Extension' ? holdsAgain(key, expression, value) : holds(expression, type, value)
  return isHeld ? undefined : { rule, text }
}

function holds(expression: string, type: string, value: unknown): boolean {
  try {
    const result = compiled(expression, type)(value)
    return Array.isArray(result) && result.length === 1 && result[0] === true
  } catch {
    return false
  }
}

const HELD = new Set<string>()
const HELD_MAX = 1_000
const HELD_CHARACTERS_MAX = 400

/** An institution writes the same extension in each of its records: what held once for the same text holds. */
function holdsAgain(key: string, expression: string, value: unknown): boolean {
  const text = `${key} ${JSON.stringify(value)}`
  if (HELD.has(text)) return true
  const isHeld = holds(expression, 'Extension', value)
  if (isHeld && text.length <= HELD_CHARACTERS_MAX) {
    if (HELD.size >= HELD_MAX) HELD.clear()
    HELD.add(text)
  }
  return isHeld
}

function compiled(expression: string, type: string): Evaluate {
  const key = `${type} ${expression}`
  const known = COMPILED.get(key)
  if (known !== undefined) return known
  const evaluate = fhirpath.compile({ base: type, expression }, r4) as Evaluate
  COMPILED.set(key, evaluate)
  return evaluate
}
