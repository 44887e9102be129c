import { type Element, elementOf, slotsOf } from '../elements.ts'
import systems from '../rules/tables/hl7-systems.json' with { type: 'json' }
import type { Breaches } from './breach.ts'
import type { Check } from './check-element.ts'
import { RESOURCE_INVARIANTS } from './r4-resource-invariants.ts'
import { TYPE_INVARIANTS } from './r4-type-invariants.ts'
import { isUcum, UCUM } from './ucum.ts'

const HL7_SYSTEMS = new Map(
  Object.entries(systems as Record<string, string[]>).map(([system, codes]) => [system, new Set(codes)]),
)
const INVARIANTS = new Map(Object.entries({ ...TYPE_INVARIANTS, ...RESOURCE_INVARIANTS }))

/** R4's own invariants of an element; those of every resource too. */
export function checkR4Invariants(
  { breaches, root }: Check,
  value: Element,
  type: string,
  path: string,
): void {
  for (const [key, holds, text] of INVARIANTS.get(type) ?? []) {
    if (!holds(value)) breaches.add(key, path, text)
  }
  if (type === 'Extension') checkExtensionUrl(breaches, value, path)
  if (type === 'Coding') checkKnownCode(breaches, value, path)
  else if (QUANTITIES.has(type)) checkUnit(breaches, value, path)
  if (value === root && value.contained !== undefined) checkContained(breaches, value, path)
}

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i
const PART_OF_EXTENSION = /\.extension\[\d+\]\.extension\[\d+\]$/

/** Only the parts of an extension have short names. */
function checkExtensionUrl(breaches: Breaches, { url }: Element, path: string): void {
  if (typeof url === 'string' && !ABSOLUTE.test(url) && !PART_OF_EXTENSION.test(path))
    breaches.add('R4#extension-url', `${path}.url`, '拡張の url は絶対 URL です。')
}

/** A code that its HL7 system does not have. */
function checkKnownCode(breaches: Breaches, { system, code }: Element, path: string): void {
  if (typeof system !== 'string' || typeof code !== 'string') return
  if (HL7_SYSTEMS.get(system)?.has(code) === false)
    breaches.add('R4#unknown-code', `${path}.code`, `${system} にないコードです。`)
}

const QUANTITIES: ReadonlySet<string> = new Set(['Quantity', 'Age', 'Count', 'Distance', 'Duration'])

/** A unit that UCUM does not have: `mEq/L` for `meq/L`. */
function checkUnit(breaches: Breaches, { system, code }: Element, path: string): void {
  if (system === UCUM && typeof code === 'string' && !isUcum(code))
    breaches.add('R4#unknown-code', `${path}.code`, `${UCUM} にないコードです。`)
}

/**
 * dom-2 to dom-5: what is contained contains nothing, has no version and no security label, and is referred to; by
 * something else than what nobody refers to.
 */
function checkContained(breaches: Breaches, root: Element, path: string): void {
  const contained = slotsOf(root.contained)
  const { inside, reached, named } = referrals(root, contained)
  for (const [index, resource] of contained.entries()) {
    if (Object.keys(resource).length === 0) continue
    const at = `${path}.contained[${index}]`
    const meta = elementOf(resource.meta)
    if (resource.contained !== undefined)
      breaches.add('dom-2', at, 'contained の中に contained は置けません。')
    if (meta?.versionId !== undefined || meta?.lastUpdated !== undefined)
      breaches.add('dom-4', at, 'contained に meta.versionId や meta.lastUpdated は書けません。')
    if (meta?.security !== undefined) breaches.add('dom-5', at, 'contained に meta.security は書けません。')
    if (resource.id !== undefined && contained.findIndex(({ id }) => id === resource.id) < index)
      breaches.add('R4#contained-id', `${at}.id`, 'contained に同じ id が二つあります。')
    if (inside.get(resource)?.has(`#${String(resource.id)}`))
      breaches.add('tsunagi-contained-itself', at, 'contained のリソースが、自分自身を参照しています。')
    if (!named.has(resource))
      breaches.add('dom-3', at, 'contained のリソースが、どこからも参照されていません。')
    else if (!reached.has(resource))
      breaches.add(
        'tsunagi-contained-alone',
        at,
        'contained のリソースが、自分たちの中だけで参照し合っています。',
      )
  }
}

interface Referrals {
  /** The names that each refers to. */
  inside: ReadonlyMap<Element, ReadonlySet<string>>
  /** Referred to from anywhere, itself too. */
  named: ReadonlySet<Element>
  /** Referred to from the resource, by however many steps, or referring to it. */
  reached: ReadonlySet<Element>
}

function referrals(root: Element, contained: readonly Element[]): Referrals {
  const byName = Map.groupBy(contained, ({ id }) => `#${String(id)}`)
  const inside = new Map(contained.map((resource) => [resource, namesReferred(resource)]))
  const found = (names: Iterable<string>) => [...names].flatMap((name) => byName.get(name) ?? [])
  const leading = contained.filter((resource) => inside.get(resource)?.has('#'))
  const reached = new Set([...leading, ...found(namesReferred({ ...root, contained: undefined }))])
  for (const resource of reached) for (const next of found(inside.get(resource) ?? [])) reached.add(next)
  const named = new Set([...reached, ...contained.flatMap((each) => found(inside.get(each) ?? []))])
  return { inside, named, reached }
}

/** Every `reference` (and canonical or url to a `#`) anywhere inside. */
function namesReferred(resource: Element): Set<string> {
  const names = new Set<string>()
  const unseen: unknown[] = [resource]
  while (unseen.length > 0) {
    const value = unseen.pop()
    if (typeof value === 'string') {
      if (value.startsWith('#')) names.add(value)
      continue
    }
    if (Array.isArray(value)) unseen.push(...value)
    else if (elementOf(value) !== undefined) unseen.push(...Object.values(value as Element))
  }
  return names
}
