import table from '../rules/tables/r4.json' with { type: 'json' }

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
}

export interface R4Type {
  /** By the name as it stands in JSON: `onsetDateTime` leads to `onset[x]` and the type `dateTime`. */
  byKey: ReadonlyMap<string, { element: R4Element; type: string }>
  required: readonly R4Element[]
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
  return typeof name === 'string' && r4Type(name)?.byKey.has('implicitRules') === true
}

function readType(elements: Record<string, string>): R4Type {
  const byKey = new Map<string, { element: R4Element; type: string }>()
  const required: R4Element[] = []
  for (const [name, text] of Object.entries(elements)) {
    const element = readElement(name, text)
    if (element.min > 0) required.push(element)
    if (!name.endsWith('[x]')) {
      byKey.set(name, { element, type: element.types[0] ?? '' })
      continue
    }
    for (const type of element.types) byKey.set(`${name.slice(0, -3)}${upperFirst(type)}`, { element, type })
  }
  return { byKey, required }
}

const TEXT = /^(\d+)\.\.(\d+|\*) (\S+?)(?: !(\S+))?$/

function readElement(name: string, text: string): R4Element {
  const [, min, max, types = '', bind] = TEXT.exec(text) ?? []
  const targets = new Set<string>()
  const names = types.split('|').map((type) => {
    const [, inside] = /^Reference\((.*)\)$/.exec(type) ?? []
    if (inside === undefined) return type
    for (const target of inside.split(',')) targets.add(target)
    return 'Reference'
  })
  return {
    name,
    min: Number(min),
    max: max === '*' ? Number.POSITIVE_INFINITY : Number(max),
    types: names,
    targets: [...targets],
    bind,
  }
}

function upperFirst(type: string): string {
  return `${type.charAt(0).toUpperCase()}${type.slice(1)}`
}
