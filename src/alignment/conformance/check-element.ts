import { type Element, elementOf } from '../elements.ts'
import type { Rule } from '../rules/rule.ts'
import type { Breaches } from './breach.ts'
import { checkDemand } from './check-demand.ts'
import type { Demand } from './demand.ts'
import { type Item, isBeyondReach, type SliceContext, sliceOf } from './match-slice.ts'
import { isPrimitive, primitiveFault } from './primitives.ts'
import { type R4Element, r4Type } from './r4-elements.ts'
import { checkR4Invariants } from './r4-invariants.ts'
import { aboutSlice, sentences } from './sentences.ts'
import { isInValueSet } from './value-sets.ts'

export interface Check extends SliceContext {
  breaches: Breaches
  /** The resource whose `contained` a `#` leads to. */
  root: Element
  /** The rules of a profile, at the IG version in use. */
  rulesOf: (profile: string) => Demand | undefined
  /** Runs the official invariants of an element. */
  checkInvariants: (keys: readonly string[], value: unknown, type: string, path: string) => void
  /** What to do with a resource inside this one. */
  checkResource: (resource: unknown, demands: readonly Demand[], path: string) => void
  /** Whether a reference may stay open: outside a Bundle nobody can say where it leads. */
  checkReference: (reference: Element, types: readonly string[], path: string, rule: string) => void
}

/** Every element of a value of a type with parts, by R4 and by every demand on it. */
export function checkComplex(
  check: Check,
  value: Element,
  type: string,
  demands: readonly Demand[],
  path: string,
): void {
  const known = r4Type(type)
  if (known === undefined) return
  const keys = Object.keys(value)
  const isResource = known.byKey.has('implicitRules')
  if (keys.length === (isResource ? 1 : 0)) check.breaches.add('ele-1', path, sentences.empty())
  const seen = new Map<string, { element: R4Element; type: string; items: unknown[] }>()
  for (const key of keys) {
    if (key === 'resourceType' && isResource) continue
    if (key === 'modifierExtension' || (key === 'implicitRules' && isResource))
      check.breaches.add('tsunagi-modifier', `${path}.${key}`, sentences.modifier())
    const isExtra = key.startsWith('_')
    const found = known.byKey.get(isExtra ? key.slice(1) : key)
    if (found === undefined || (isExtra && !isPrimitive(found.type))) {
      check.breaches.add('R4#unknown-element', `${path}.${key}`, sentences.unknown(key))
      continue
    }
    const { element } = found
    const items = itemsOf(check, value[key], element, `${path}.${key}`)
    if (isExtra) {
      for (const each of items) checkExtra(check, each, `${path}.${key}`)
      if (keys.includes(key.slice(1))) continue
    }
    if (seen.has(element.name) && !isExtra)
      check.breaches.add('R4#one-choice', `${path}.${key}`, sentences.choice())
    seen.set(element.name, { element, type: found.type, items: isExtra ? items.map(() => ABSENT) : items })
  }
  for (const element of known.required) {
    if (!seen.has(element.name)) {
      check.breaches.add(
        `R4#${type}.${element.name}:min`,
        `${path}.${bare(element.name)}`,
        sentences.missing(),
      )
    }
  }
  for (const { element, type: concrete, items } of seen.values()) {
    const own = demandsOn(demands, element.name)
    const at = `${path}.${bare(element.name)}`
    checkItems(check, items, concrete, element, own, at, type)
  }
  for (const { required } of demands) {
    for (const { child, name } of required) {
      if (seen.has(child) || known.required.some((each) => each.name === child)) continue
      check.breaches.add(`${name}:min`, `${path}.${bare(child)}`, sentences.missing())
    }
  }
  checkR4Invariants(check, value, type, path)
}

/** A primitive that is only extended: it is there, and its value is not. */
const ABSENT = Symbol('extended, without a value')

function bare(name: string): string {
  return name.endsWith('[x]') ? name.slice(0, -3) : name
}

const NO_DEMANDS: readonly Demand[] = []

function demandsOn(demands: readonly Demand[], child: string): readonly Demand[] {
  let found: Demand[] | undefined
  for (const demand of demands) {
    const inside = demand.inside(child)
    if (inside === undefined) continue
    found ??= []
    found.push(inside)
  }
  return found ?? NO_DEMANDS
}

/** The values of an element as a list; a list where R4 wants one value, or the other way, is said and read all the same. */
function itemsOf(check: Check, value: unknown, element: R4Element, path: string): unknown[] {
  if (!Array.isArray(value)) {
    if (element.max > 1) check.breaches.add('R4#list', path, sentences.list())
    return [value]
  }
  if (element.max <= 1) check.breaches.add('R4#single', path, sentences.single())
  if (value.length === 0) check.breaches.add('ele-1', path, sentences.empty())
  return value
}

/** `_birthDate` and the like: id and extensions beside a primitive. */
function checkExtra(check: Check, value: unknown, path: string): void {
  if (value === null) return
  const element = elementOf(value)
  if (element === undefined) check.breaches.add('R4#object', path, sentences.object())
  else checkComplex(check, element, 'Element', [], path)
}

function checkItems(
  check: Check,
  values: readonly unknown[],
  type: string,
  element: R4Element,
  demands: readonly Demand[],
  path: string,
  holder: string,
): void {
  let slices: (Demand | undefined)[][] | undefined
  for (const demand of demands) {
    const { rule, name } = demand
    if (rule.min !== undefined || rule.max !== undefined) countItems(check, values.length, rule, name, path)
    if (rule.slices === undefined) continue
    slices ??= []
    slices.push(
      sliceItems(
        check,
        values.map((value) => ({ value, type })),
        demand,
        path,
      ),
    )
  }
  for (let index = 0; index < values.length; index++) {
    const at = element.max > 1 ? `${path}[${index}]` : path
    const all = slices === undefined ? demands : [...demands, ...slices.flatMap((each) => each[index] ?? [])]
    checkItem(check, values[index], type, element, all, at, holder)
  }
}

function countItems(
  { breaches }: Check,
  found: number,
  rule: Rule,
  name: string,
  path: string,
  slice?: Rule,
): void {
  const { min = 0, max = Number.POSITIVE_INFINITY } = rule
  const about = () => (slice === undefined ? '' : aboutSlice(slice))
  if (found > 0 && max === 0) breaches.add(`${name}:max`, path, `${sentences.forbidden()}${about()}`)
  else if (found > max) breaches.add(`${name}:max`, path, `${sentences.many(max, found)}${about()}`)
  if (found < min) breaches.add(`${name}:min`, path, `${sentences.few(min, found)}${about()}`)
}

/** The slice each item belongs to, as a demand on it; counts them, and says what belongs to none where none else may be. */
function sliceItems(
  check: Check,
  items: readonly Item[],
  demand: Demand,
  path: string,
): (Demand | undefined)[] {
  const { rule } = demand
  if (items.some((item) => isBeyondReach(item, rule, check))) return []
  const names = items.map((item) => sliceOf(item, rule, check))
  for (const slice of Object.keys(rule.slices ?? {})) {
    const own = demand.slice(slice)
    if (own === undefined) continue
    const found = names.filter((each) => each === slice).length
    countItems(check, found, own.rule, own.name, path, own.rule)
  }
  return names.map((slice, index) => {
    if (slice !== undefined) return demand.slice(slice)
    if (rule.closed) check.breaches.add(`${demand.name}:closed`, `${path}[${index}]`, sentences.closed())
    return undefined
  })
}

function checkItem(
  check: Check,
  value: unknown,
  type: string,
  element: R4Element,
  demands: readonly Demand[],
  path: string,
  holder: string,
): void {
  if (value === ABSENT || value === null) return
  let all = demands
  for (const { rule, name } of demands) {
    checkDemand(check, value, type, rule, name, path)
    for (const profile of type === 'Resource' ? [] : (rule.profiles ?? [])) {
      const rules = check.rulesOf(profile)
      if (rules === undefined) continue
      all = [...all, rules]
      if (rules.rule.invariants !== undefined) check.checkInvariants(rules.rule.invariants, value, type, path)
    }
  }
  if (element.bind !== undefined && isInValueSet(value, element.bind) === false) {
    check.breaches.add(`R4#${holder}.${element.name}:bind`, path, sentences.bind(element.bind))
  }
  if (type === 'Resource') {
    check.checkResource(value, all, path)
    return
  }
  if (isPrimitive(type)) {
    const fault = primitiveFault(value, type)
    if (fault !== undefined) check.breaches.add(`R4#${type}`, path, fault)
    return
  }
  const inside = elementOf(value)
  if (inside === undefined) {
    check.breaches.add('R4#object', path, sentences.object())
    return
  }
  if (type === 'Reference')
    check.checkReference(inside, element.targets, path, `R4#${holder}.${element.name}`)
  checkComplex(check, inside, type, all, path)
}
