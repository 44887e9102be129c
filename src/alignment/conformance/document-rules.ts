import { type Element, elementOf, slotsOf } from '../elements.ts'
import type { Breach } from './breach.ts'
import { sentences } from './sentences.ts'

/**
 * Entries of a document that no reference joins to its Composition, in either direction (R4, Documents: everything in
 * it is reached from there).
 */
export function documentBreaches({ type, entry }: Element): Breach[] {
  if (type !== 'document') return []
  const entries = slotsOf(entry)
  const joined = joinedToFirst(entries)
  return entries.flatMap((each, index) =>
    joined.has(index) || elementOf(each.resource) === undefined
      ? []
      : [{ rule: 'R4#orphan', path: `Bundle.entry[${index}]`, text: sentences.orphan() }],
  )
}

function joinedToFirst(entries: readonly Element[]): Set<number> {
  const places = new Map<string, number>()
  for (const [index, { fullUrl, resource }] of entries.entries()) {
    const { resourceType, id } = elementOf(resource) ?? {}
    if (typeof id === 'string') places.set(`${String(resourceType)}/${id}`, index)
    if (typeof fullUrl === 'string') places.set(fullUrl, index)
  }
  const beside = entries.map(() => new Set<number>())
  for (const [index, { resource }] of entries.entries()) {
    for (const name of referencesIn(resource)) {
      const place = places.get(name)
      if (place === undefined) continue
      beside[index]?.add(place)
      beside[place]?.add(index)
    }
  }
  const joined = new Set([0])
  // What is added while it is gone through is gone through too.
  for (const index of joined) for (const place of beside[index] ?? []) joined.add(place)
  return joined
}

/** Wherever in it they stand, with a list of what is still to be seen so that no depth can exhaust the stack. */
function referencesIn(resource: unknown): string[] {
  const names: string[] = []
  const unseen: unknown[] = [resource]
  while (unseen.length > 0) {
    const value = unseen.pop()
    if (typeof value !== 'object' || value === null) continue
    const { reference } = value as Element
    if (typeof reference === 'string') names.push(reference)
    for (const each of Object.values(value)) unseen.push(each)
  }
  return names
}
