import { type Element, elementOf, elementsOf, listOf } from '../elements.ts'
import type { Rule } from '../rules/rule.ts'
import { profilesClaimed } from './claims.ts'
import { isFixedAs, isPatternedAs } from './same-value.ts'
import { isInValueSet } from './value-sets.ts'

/** One element of a list, with the type its JSON name says. */
export interface Item {
  value: unknown
  type: string
}

/** How a slice finds what it is about. */
export interface SliceContext {
  /** The resource a reference leads to, where it is at hand. */
  resolve: (reference: unknown) => Element | undefined
  /** The FHIR type a profile is of; undefined for one nobody here knows. */
  typeOf: (profile: string) => string | undefined
}

/**
 * The slice an element belongs to: the first whose discriminators all hold. A resource belongs to the slice whose
 * profile it claims, else to the first of its type: so that a record that breaks the profile is told what it breaks
 * rather than that it fits nowhere.
 */
export function sliceOf(item: Item, rule: Rule, context: SliceContext): string | undefined {
  const { profiled, slices, tests, named } = compiled(rule)
  if (profiled !== undefined) return sliceByProfile(item.value, profiled, slices, context)
  if (named !== undefined) {
    const told = elementOf(item.value)?.[named.key]
    if (!Array.isArray(told)) return typeof told === 'string' ? named.slices.get(told) : undefined
  }
  // The last that fits: a slice of a slice (`a/b`) stands behind the one it narrows.
  return tests.findLast(({ holds }) => holds.every((each) => each(item)))?.name
}

interface CompiledSlices {
  /** Where the resource is whose profile tells; undefined where values tell. */
  profiled: string | undefined
  slices: readonly [string, Rule][]
  tests: readonly { name: string; holds: readonly ((item: Item) => boolean)[] }[]
  /** Where one text tells all slices, as a system or url does: its key, and the slice of each text. */
  named: { key: string; slices: ReadonlyMap<string, string> } | undefined
}

const COMPILED = new WeakMap<Rule, CompiledSlices>()

function compiled(rule: Rule): CompiledSlices {
  const known = COMPILED.get(rule)
  if (known !== undefined) return known
  const slices = Object.entries(rule.slices ?? {})
  const by = rule.by ?? []
  const made = {
    profiled: by.find((each) => each.startsWith('profile:'))?.slice('profile:'.length),
    slices,
    tests: slices.map(([name, slice]) => ({ name, holds: by.map((each) => discriminator(each, slice)) })),
    named: namedSlices(by, slices),
  }
  COMPILED.set(rule, made)
  return made
}

function namedSlices(by: readonly string[], slices: readonly [string, Rule][]): CompiledSlices['named'] {
  const [, key] = /^value:([A-Za-z]+)$/.exec(by[0] ?? '') ?? []
  if (by.length !== 1 || key === undefined) return undefined
  const texts = new Map<string, string>()
  for (const [name, slice] of slices) {
    const told = key === 'url' && slice.profiles !== undefined ? slice.profiles[0] : fixedText(slice, key)
    if (told === undefined) return undefined
    texts.set(told, name)
  }
  return { key, slices: texts }
}

/** The one text that a slice fixes at a key, where it says nothing else of it. */
function fixedText(slice: Rule, key: string): string | undefined {
  const rule = toldAt(slice, [key])
  const told = rule?.fixed ?? rule?.pattern
  return typeof told === 'string' ? told : undefined
}

function sliceByProfile(
  value: unknown,
  path: string,
  slices: readonly [string, Rule][],
  { resolve, typeOf }: SliceContext,
): string | undefined {
  const resource =
    path === 'resolve()'
      ? (resolve(value) ?? namedType(value))
      : elementOf(path === '$this' ? value : elementOf(value)?.[path])
  if (resource === undefined) return undefined
  const claimed = profilesClaimed(resource)
  const wanted = slices.map(([name, slice]) => {
    const profiles = (path === '$this' || path === 'resolve()' ? slice : slice.in?.[path])?.profiles ?? []
    return { name, profiles, types: slice.targets ?? profiles.map(typeOf) }
  })
  const byClaim = wanted.find(({ profiles }) => profiles.some((profile) => claimed.includes(profile)))
  return (byClaim ?? wanted.find(({ types }) => types.includes(String(resource.resourceType))))?.name
}

/** What a reference says of a resource that is not at hand: `Organization/12` is an Organization. */
function namedType(reference: unknown): Element | undefined {
  const { reference: name, type } = elementOf(reference) ?? {}
  const said = typeof name === 'string' ? /([A-Z][A-Za-z]+)\/[^/]+$/.exec(name)?.[1] : undefined
  const resourceType = said ?? type
  return typeof resourceType === 'string' ? { resourceType } : undefined
}

/** Whether nothing can be said of where a reference leads, so that no slice can be counted. */
export function isBeyondReach(value: unknown, rule: Rule, { resolve }: SliceContext): boolean {
  return (
    compiled(rule).profiled === 'resolve()' && resolve(value) === undefined && namedType(value) === undefined
  )
}

function discriminator(by: string, slice: Rule): (item: Item) => boolean {
  const [kind = '', path = ''] = by.split(/:(.*)/s)
  if (kind === 'type') return ({ type }) => slice.types?.includes(type) === true
  if (path === 'url' && slice.profiles !== undefined) {
    const [url] = slice.profiles
    return ({ value }) => elementOf(value)?.url === url
  }
  const steps = path === '$this' ? [] : path.split('.')
  const told = toldAt(slice, steps)
  return ({ value }) => told !== undefined && valuesAt(value, steps).some((each) => fits(each, told))
}

/** What the slice says at the discriminator's path, by itself or by a pattern above it. */
function toldAt(slice: Rule, steps: readonly string[]): Rule | undefined {
  let rule: Rule | undefined = slice
  for (const [index, step] of steps.entries()) {
    const above: unknown = rule.fixed ?? rule.pattern
    if (above !== undefined) {
      const inside = valuesAt(above, steps.slice(index))
      return inside.length === 0 ? undefined : { pattern: inside[0] }
    }
    rule = rule.in?.[step]
    if (rule === undefined) return undefined
  }
  return rule
}

/** Values at a path, through lists. */
function valuesAt(value: unknown, steps: readonly string[]): unknown[] {
  let values = Array.isArray(value) ? (value as unknown[]) : [value]
  for (const step of steps) {
    values = values.flatMap((each) => {
      const next = elementOf(each)?.[step]
      return next === undefined ? [] : Array.isArray(next) ? next : [next]
    })
  }
  return values
}

/** Whether a value is the one that the rule is about: by what is fixed in it, at any depth. */
function fits(value: unknown, rule: Rule): boolean {
  if (rule.fixed !== undefined && !isFixedAs(value, rule.fixed)) return false
  if (rule.pattern !== undefined && !isPatternedAs(value, rule.pattern)) return false
  const inside = Object.entries(rule.in ?? {}).filter(([, child]) => isTelling(child))
  if (inside.length > 0)
    return inside.every(([name, child]) => valuesAt(value, [name]).some((each) => fits(each, child)))
  return (
    rule.fixed !== undefined ||
    rule.pattern !== undefined ||
    rule.bind === undefined ||
    isInValueSet(value, rule.bind) !== false
  )
}

function isTelling(rule: Rule): boolean {
  return (
    rule.fixed !== undefined || rule.pattern !== undefined || Object.values(rule.in ?? {}).some(isTelling)
  )
}

/** Resources contained in one, and the entries of a Bundle, by every name a reference may call them. */
export function resolverOf(
  root: Element,
  entries: readonly Element[],
): (reference: unknown) => Element | undefined {
  let byName: Map<string, Element> | undefined
  return (reference) => {
    const name = elementOf(reference)?.reference
    if (typeof name !== 'string') return undefined
    if (name.startsWith('#'))
      return elementsOf(listOf(root.contained)).find(({ id }) => `#${String(id)}` === name)
    byName ??= namesOf(entries)
    return byName.get(name)
  }
}

function namesOf(entries: readonly Element[]): Map<string, Element> {
  const byName = new Map<string, Element>()
  for (const { fullUrl, resource } of entries) {
    const element = elementOf(resource)
    if (element === undefined) continue
    if (typeof element.id === 'string') byName.set(`${String(element.resourceType)}/${element.id}`, element)
    if (typeof fullUrl === 'string') byName.set(fullUrl, element)
  }
  return byName
}
