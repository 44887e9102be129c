import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'
import { type Element, elementOf, listOf } from '../elements.ts'
import published from '../rules/invariants.json' with { type: 'json' }
import { profilesClaimed } from './claims.ts'

interface Invariant {
  /** `R3010`; the guide's own key where its text has no number. */
  rule: string
  expression: string
  text: string
  /** Elements the expression reads, where those are small and come again and again. */
  reads?: string[]
  /** It names profiles exactly, and the guides want versions behind them: it is asked of what stands before `|`. */
  cutsVersions?: true
}

const INVARIANTS = new Map(Object.entries(published.invariants as Record<string, Invariant>))

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
): Pick<Invariant, 'rule' | 'text'> | undefined {
  const invariant = INVARIANTS.get(key)
  if (invariant === undefined) return undefined
  const { rule, text, cutsVersions } = invariant
  const isHeld = holdsAgain(key, invariant, cutsVersions ? withoutVersions(value) : value, type)
  return isHeld ? undefined : { rule, text }
}

/** A Bundle whose profiles, and those of its entries, stand without versions. */
function withoutVersions(value: unknown): unknown {
  const bundle = elementOf(value)
  if (bundle === undefined) return value
  const entry = listOf(bundle.entry).map((each) => {
    const resource = elementOf(elementOf(each)?.resource)
    return resource === undefined ? each : { ...elementOf(each), resource: unversioned(resource) }
  })
  return { ...unversioned(bundle), ...(bundle.entry !== undefined && { entry }) }
}

function unversioned(resource: Element): Element {
  return { ...resource, meta: { ...elementOf(resource.meta), profile: profilesClaimed(resource) } }
}

function holds(expression: string, type: string, value: unknown): boolean {
  try {
    const result = compiled(expression, type)(value)
    return Array.isArray(result) && result.length === 1 && result[0] === true
  } catch {
    return false
  }
}

const HELD = new Map<string, boolean>()
const HELD_MAX = 5_000
const HELD_CHARACTERS_MAX = 600

/**
 * An institution writes the same extension into each of its records, and prescribes the same drugs in the same ways:
 * what held or did not for the same elements does so again.
 */
function holdsAgain(key: string, { expression, reads }: Invariant, value: unknown, type: string): boolean {
  const element = elementOf(value)
  if (reads === undefined || element === undefined) return holds(expression, type, value)
  const text = `${key} ${JSON.stringify(reads.map((name) => element[name]))}`
  const known = HELD.get(text)
  if (known !== undefined) return known
  const isHeld = holds(expression, type, value)
  if (text.length <= HELD_CHARACTERS_MAX) {
    if (HELD.size >= HELD_MAX) HELD.clear()
    HELD.set(text, isHeld)
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
