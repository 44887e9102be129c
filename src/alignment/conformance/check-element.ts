import { type Element, elementOf, listOf } from '../elements.ts'
import type { Breaches } from './breach.ts'
import { checkDemand } from './check-demand.ts'
import { countItems, sliceItems } from './count-items.ts'
import type { Demand } from './demand.ts'
import type { SliceContext } from './match-slice.ts'
import { primitiveFault } from './primitives.ts'
import { type R4Element, type R4Member, type R4Type, r4Type } from './r4-elements.ts'
import { checkR4Invariants } from './r4-invariants.ts'
import { sentences } from './sentences.ts'
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
  /** Says where a reference leads nowhere, or calls what it leads to something else. */
  checkReference: (reference: Element, path: string) => void
  /** Says where a reference leads to none of the types; of one that leads nowhere by what it names. */
  checkTargets: (reference: Element, types: readonly string[], path: string, rule: string) => void
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
  if (keys.length === (known.isResource ? 1 : 0)) check.breaches.add('ele-1', path, sentences.empty())
  const place: Place = { check, value, type, known, demands, path, choices: undefined }
  for (const key of keys) {
    const member = known.byKey.get(key)
    if (member === undefined) checkOddKey(place, key)
    else checkMember(place, key, member, value[key])
  }
  for (const element of known.required) {
    if (!isThere(value, element))
      check.breaches.add(`R4#${type}.${element.name}:min`, `${path}${element.step}`, sentences.missing())
  }
  for (const { required } of demands) {
    for (const { child, name } of required) {
      const element = known.byName.get(child)
      if (element !== undefined && (element.min > 0 || isThere(value, element))) continue
      check.breaches.add(`${name}:min`, `${path}${element?.step ?? `.${child}`}`, sentences.missing())
    }
  }
  checkR4Invariants(check, value, type, path)
}

/** One value with parts while it is checked. */
interface Place {
  check: Check
  value: Element
  type: string
  known: R4Type
  demands: readonly Demand[]
  path: string
  /** Elements of several types that were met, by their names. */
  choices: Set<string> | undefined
}

function isThere(value: Element, { keys }: R4Element): boolean {
  return keys.some((key) => value[key] !== undefined)
}

/** `resourceType`, what stands beside a primitive (`_birthDate`), and what R4 does not have. */
function checkOddKey(place: Place, key: string): void {
  const { check, value, known, path } = place
  if (key === 'resourceType' && known.isResource) return
  const own = key.startsWith('_') ? key.slice(1) : undefined
  const member = own === undefined ? undefined : known.byKey.get(own)
  if (own === undefined || member?.isPrimitive !== true) {
    check.breaches.add('R4#unknown-element', `${path}.${key}`, sentences.unknown(key))
    return
  }
  const at = path + member.element.step
  const extras = itemsOf(check, value[key], member.element, at)
  for (const [index, each] of extras.entries())
    checkExtra(check, each, member.element.max > 1 ? `${at}[${index}]` : at)
  if (value[own] === undefined) {
    const absent = extras.map(() => ABSENT)
    checkMember(place, own, member, member.element.max > 1 ? absent : absent[0])
  }
}

function checkMember(place: Place, key: string, member: R4Member, value: unknown): void {
  const { check, type, known, path } = place
  const { element } = member
  if (key === 'modifierExtension' || (key === 'implicitRules' && known.isResource))
    check.breaches.add('tsunagi-modifier', `${path}.${key}`, sentences.modifier())
  if (element.types.length > 1) {
    place.choices ??= new Set()
    if (place.choices.has(element.name))
      check.breaches.add('R4#one-choice', path + element.step, sentences.choice())
    place.choices.add(element.name)
  }
  if (value === null || (Array.isArray(value) && value.includes(null))) checkNulls(place, key, member, value)
  const demands = demandsOn(place.demands, element.name)
  const at = path + element.step
  // What may come once and does, and of which nobody counts: nearly every element.
  if (element.max === 1 && !Array.isArray(value) && !demands.some(({ counts }) => counts))
    checkItem(check, value, member, demands, at, type)
  else checkItems(check, itemsOf(check, value, element, at), member, demands, at, type)
}

/** Only a primitive in a list may be null, where an extension stands in its place (R4, JSON). */
function checkNulls(
  { check, value: holder, path }: Place,
  key: string,
  member: R4Member,
  value: unknown,
): void {
  const at = path + member.element.step
  const extras = listOf(holder[`_${key}`])
  for (const [index, each] of listOf(value).entries()) {
    if (each === null && !(member.isPrimitive && elementOf(extras[index]) !== undefined))
      check.breaches.add('R4#null', `${at}[${index}]`, sentences.nothing())
  }
  if (value === null) check.breaches.add('R4#null', at, sentences.nothing())
}

/** A primitive that is only extended: it is there, and its value is not. */
const ABSENT = Symbol('extended, without a value')

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
function itemsOf(check: Check, value: unknown, element: R4Element, path: string): readonly unknown[] {
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
  else checkComplex(check, element, 'Element', NO_DEMANDS, path)
}

function checkItems(
  check: Check,
  values: readonly unknown[],
  member: R4Member,
  demands: readonly Demand[],
  path: string,
  holder: string,
): void {
  let slices: readonly (Demand | undefined)[][] | undefined
  for (const demand of demands) {
    const { rule, name, counts } = demand
    if (!counts) continue
    countItems(check, values.length, rule, name, path)
    if (rule.slices !== undefined)
      slices = [...(slices ?? []), sliceItems(check, values, member.type, demand, path)]
  }
  for (let index = 0; index < values.length; index++) {
    const at = member.element.max > 1 ? `${path}[${index}]` : path
    const own = slices?.flatMap((each) => each[index] ?? []) ?? NO_DEMANDS
    const all = own.length === 0 ? demands : [...demands, ...own]
    checkItem(check, values[index], member, all, at, holder)
  }
}

function checkItem(
  check: Check,
  value: unknown,
  { element, type, isPrimitive }: R4Member,
  demands: readonly Demand[],
  path: string,
  holder: string,
): void {
  if (value === ABSENT || value === null) return
  let all = demands
  for (const { rule, name, asksOfValue } of demands) {
    if (!asksOfValue) continue
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
  if (isPrimitive) {
    const fault = primitiveFault(value, type)
    if (fault !== undefined) check.breaches.add(`R4#${type}`, path, fault)
    return
  }
  if (type === 'Resource') {
    check.checkResource(value, all, path)
    return
  }
  const inside = elementOf(value)
  if (inside === undefined) {
    check.breaches.add('R4#object', path, sentences.object())
    return
  }
  if (type === 'Reference') {
    check.checkReference(inside, path)
    check.checkTargets(inside, element.targets, path, `R4#${holder}.${element.name}`)
  }
  checkComplex(check, inside, type, all, path)
}
