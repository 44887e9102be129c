import {
  type ElementDefinition,
  type StructureDefinition,
  targetTypes,
  typeName,
  withoutVersion,
} from './structure-definition.ts'

/** Type → element → `1..1 code !value-set` or `0..1 Reference(Patient,Group)` or `0..* @Bundle.link`. */
export type R4Table = Record<string, Record<string, string>>

/** The elements of every R4 type and resource; adds the value sets that bind as required to `bound`. */
export function r4Table(definitions: readonly StructureDefinition[], bound: Set<string>): R4Table {
  const table: R4Table = {}
  for (const { type, kind, derivation, snapshot } of definitions) {
    if (kind === 'primitive-type' || kind === 'logical' || derivation === 'constraint') continue
    for (const element of snapshot.element) {
      const at = element.path.lastIndexOf('.')
      if (at < 0) {
        table[type] = {}
        continue
      }
      const holder = table[element.path.slice(0, at)] ?? {}
      table[element.path.slice(0, at)] = holder
      const name = element.path.slice(at + 1)
      // R4's definitions call a resource's id a string; its text says id (R4, Resource.id).
      const isId = kind === 'resource' && element.path === `${type}.id`
      holder[name] = isId ? '0..1 id' : describe(element, bound)
    }
  }
  return table
}

function describe(element: ElementDefinition, bound: Set<string>): string {
  const count = `${element.min}..${element.max}`
  if (element.contentReference !== undefined) {
    return `${count} ${element.contentReference.slice(element.contentReference.indexOf('#') + 1)}`
  }
  const names = (element.type ?? []).map(({ code }) => typeName(code))
  const isHeld = names.some((name) => name === 'BackboneElement' || name === 'Element')
  if (isHeld) return `${count} ${element.path}`
  const targets = targetTypes(element.type, new Map())
  const type = names.map((name) =>
    name === 'Reference' && targets.length > 0 ? `Reference(${targets.join(',')})` : name,
  )
  const { binding } = element
  if (binding?.strength !== 'required' || binding.valueSet === undefined) return `${count} ${type.join('|')}`
  const valueSet = withoutVersion(binding.valueSet)
  bound.add(valueSet)
  return `${count} ${type.join('|')} !${valueSet}`
}
