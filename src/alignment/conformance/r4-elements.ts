import table from '../rules/tables/r4.json' with { type: 'json' }
import { isPrimitive } from './primitives.ts'

/** One element of an R4 type. */
export interface R4Element {
  /** As R4 names it: `onset[x]`. */
  name: string
  min: number
  max: number
  /** Types, or for a part with parts of its own the path that describes it. */
  types: readonly string[]
  /** Types a reference may lead to; empty where any. */
  targets: readonly string[]
  /** The value set whose codes alone are allowed. */
  bind: string | undefined
  /** Its place in a path: `.onset`. */
  step: string
  /** The names it may have in JSON, those of a primitive that is only extended (`_status`) too. */
  keys: readonly string[]
}

/** An element by one of its names in JSON: `onsetDateTime` is `onset[x]` of the type `dateTime`. */
export interface R4Member {
  element: R4Element
  type: string
  isPrimitive: boolean
}

export interface R4Type {
  byKey: ReadonlyMap<string, R4Member>
  byName: ReadonlyMap<string, R4Element>
  required: readonly R4Element[]
  isResource: boolean
}

const TABLE = table as Record<string, Record<string, string>>
const READ = new Map<string, R4Type>()

/** The elements of a type, resource or part (`Condition.stage`); undefined for what R4 does not know. */
export function r4Type(name: string): R4Type | undefined {
  const known = READ.get(name)
  if (known !== undefined) return known
  const elements = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined
  if (elements === undefined) return undefined
  const read = readType(elements)
  READ.set(name, read)
  return read
}

/** Whether R4 has a resource of that name: they alone have an id, a meta and a language. */
export function isResourceType(name: unknown): name is string {
  return typeof name === 'string' && r4Type(name)?.isResource === true
}

function readType(elements: Record<string, string>): R4Type {
  const byKey = new Map<string, R4Member>()
  const byName = new Map<string, R4Element>()
  const required: R4Element[] = []
  for (const [name, text] of Object.entries(elements)) {
    const element = readElement(name, text)
    byName.set(name, element)
    if (element.min > 0) required.push(element)
    for (const type of name.endsWith('[x]') ? element.types : element.types.slice(0, 1))
      byKey.set(keyOf(name, type), { element, type, isPrimitive: isPrimitive(type) })
  }
  return { byKey, byName, required, isResource: byKey.has('implicitRules') }
}

/** `onset[x]` of the type `dateTime` stands in JSON as `onsetDateTime`. */
function keyOf(name: string, type: string): string {
  return name.endsWith('[x]') ? `${name.slice(0, -3)}${upperFirst(type)}` : name
}

const TEXT = /^(\d+)\.\.(\d+|\*) (\S+?)(?: !(\S+))?$/

function readElement(name: string, text: string): R4Element {
  const [, min, max, named = '', bind] = TEXT.exec(text) ?? []
  const targets = new Set<string>()
  const types = named.split('|').map((type) => {
    const [, inside] = /^Reference\((.*)\)$/.exec(type) ?? []
    if (inside === undefined) return type
    for (const target of inside.split(',')) targets.add(target)
    return 'Reference'
  })
  return {
    name,
    min: Number(min),
    max: max === '*' ? Number.POSITIVE_INFINITY : Number(max),
    types,
    targets: [...targets],
    bind,
    step: `.${name.endsWith('[x]') ? name.slice(0, -3) : name}`,
    keys: types.flatMap((type) => {
      const key = keyOf(name, type)
      return isPrimitive(type) ? [key, `_${key}`] : [key]
    }),
  }
}

function upperFirst(type: string): string {
  return `${type.charAt(0).toUpperCase()}${type.slice(1)}`
}
