import { type Element, elementOf, elementsOf } from '../elements.ts'
import table from '../rules/tables/value-sets.json' with { type: 'json' }

type Codes = Record<string, string[] | '*'>

const VALUE_SETS = new Map<string, Map<string, ReadonlySet<string> | '*'>>(
  Object.entries(table as unknown as Record<string, Codes>).map(([url, codes]) => [
    url,
    new Map(
      Object.entries(codes).map(([system, list]) => [system, list === '*' ? '*' : new Set(list)] as const),
    ),
  ]),
)

/** Whether a code, Coding or CodeableConcept is in a value set; undefined where nobody here can tell. */
export function isInValueSet(value: unknown, url: string): boolean | undefined {
  const codes = VALUE_SETS.get(url)
  if (codes === undefined) return undefined
  if (typeof value === 'string') {
    return [...codes.values()].some((listed) => listed === '*' || listed.has(value))
  }
  const element = elementOf(value)
  if (element === undefined) return undefined
  if (element.coding === undefined) return 'code' in element ? isCodingIn(element, codes) : undefined
  return elementsOf(element.coding).some((coding) => isCodingIn(coding, codes))
}

function isCodingIn(
  { system, code }: Element,
  codes: ReadonlyMap<string, ReadonlySet<string> | '*'>,
): boolean {
  if (typeof system !== 'string' || typeof code !== 'string') return false
  const listed = codes.get(system)
  return listed === '*' || listed?.has(code) === true
}
