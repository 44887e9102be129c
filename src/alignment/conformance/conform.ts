import { type Element, elementOf, elementsOf } from '../elements.ts'
import type { Rule } from '../rules/rule.ts'
import { isKnownProfile, profileType, rulesAt } from '../rules/rules-at.ts'
import { type Breach, Breaches } from './breach.ts'
import { type Check, checkComplex } from './check-element.ts'
import { falseClaims, profilesClaimed } from './claims.ts'
import { type Demand, demandOn } from './demand.ts'
import { resolverOf } from './match-slice.ts'
import { brokenInvariant } from './official-invariants.ts'
import { isResourceType } from './r4-elements.ts'
import { sentences } from './sentences.ts'

/** A resource in its place. */
export interface Placed {
  resource: Element
  /** The entries of the Bundle it stands in; none where it stands alone. */
  beside: readonly Element[]
  /** Whether the Bundle must hold everything that is referred to (R4: documents). */
  isWhole: boolean
  /** Part of a check-up report, whose guide has rules of its own. */
  isCheckup: boolean
}

export interface Conformance {
  breaches: Breach[]
  more: number
}

/** Every rule that a resource breaks: R4's, those of the given profiles at an IG version, and those it claims itself. */
export function conform(placed: Placed, profiles: readonly string[], version: number): Conformance {
  const breaches = new Breaches()
  const { resource } = placed
  const type = resource.resourceType
  if (!isResourceType(type)) {
    breaches.add('R4#resource-type', 'resourceType', sentences.unknownType())
    return { breaches: breaches.found, more: 0 }
  }
  const check = checkOf(breaches, placed, version)
  const all = new Set([...profiles, ...claimedOf(resource, type)])
  checkOne(check, resource, type, [...all], type)
  return { breaches: breaches.found, more: breaches.more }
}

/** Profiles it claims that are of its type and known. */
export function claimedOf(resource: Element, type: string): string[] {
  return profilesClaimed(resource).filter(
    (profile) => isKnownProfile(profile) && profileType(profile) === type,
  )
}

function checkOne(
  check: Check,
  resource: Element,
  type: string,
  profiles: readonly string[],
  path: string,
): void {
  for (const { rule, path: at, text } of falseClaims(resource, type, path)) check.breaches.add(rule, at, text)
  const demands = profiles.map(check.rulesOf).filter((demand) => demand !== undefined)
  for (const { rule } of demands) check.checkInvariants(rule.invariants ?? [], resource, type, path)
  checkComplex(check, resource, type, demands, path)
}

function checkOf(
  breaches: Breaches,
  { resource: root, beside, isWhole, isCheckup }: Placed,
  version: number,
): Check {
  const inside = elementsOf(root.entry)
  const isBundle = root.resourceType === 'Bundle'
  const resolve = resolverOf(root, isBundle ? inside : beside)
  const check: Check = {
    breaches,
    root,
    resolve,
    typeOf: profileType,
    rulesOf: (profile) => demandOf(profile, version, isCheckup),
    checkInvariants: (keys, value, type, path) => {
      for (const key of keys) {
        const broken = brokenInvariant(key, value, type)
        if (broken !== undefined) breaches.add(broken.rule, path, broken.text)
      }
    },
    checkResource: (value, _demands, path) => {
      const resource = elementOf(value)
      // The entries of a Bundle are judged by themselves; what is contained is judged here, as a part.
      if (isBundle && resource !== undefined) return
      const type = resource?.resourceType
      if (resource === undefined || !isResourceType(type)) {
        breaches.add('R4#resource-type', path, sentences.unknownType())
        return
      }
      checkOne(check, resource, type, claimedOf(resource, type), path)
    },
    checkReference: (reference, path) => {
      const target = resolve(reference)
      const fault = danglingFault(reference, target, isBundle ? [] : beside, isWhole)
      if (fault !== undefined) breaches.add(fault.rule, path, fault.text)
      const { type: told } = reference
      if (typeof told !== 'string') return
      const type = typeReferred(reference, target, root)
      if (type !== undefined && bareType(told) !== type)
        breaches.add('R4#reference-type', `${path}.type`, sentences.otherType())
    },
    checkTargets: (reference, types, path, rule) => {
      if (types.length === 0) return
      const type = typeReferred(reference, resolve(reference), root)
      if (type !== undefined && !types.includes(type))
        breaches.add(`${rule}:target`, path, sentences.target(types))
    },
  }
  return check
}

const DEMANDS = new Map<Rule, Demand>()

function demandOf(profile: string, version: number, isCheckup: boolean): Demand | undefined {
  const rule = rulesAt(profile, version, isCheckup)
  if (rule === undefined) return undefined
  const known = DEMANDS.get(rule)
  if (known !== undefined) return known
  const demand = demandOn(rule, `${profile.slice(profile.lastIndexOf('/') + 1)}#`)
  DEMANDS.set(rule, demand)
  return demand
}

/** The type of what a reference leads to, where that is there or the reference names it. */
function typeReferred(
  { reference: name }: Element,
  target: Element | undefined,
  root: Element,
): string | undefined {
  if (typeof name !== 'string') return undefined
  const type = target?.resourceType ?? (name === '#' ? root.resourceType : LITERAL.exec(name)?.[1])
  return typeof type === 'string' ? type : undefined
}

/** `Patient`, as an absolute URL too (R4, Reference.type). */
function bareType(type: string): string {
  return type.slice(type.lastIndexOf('/') + 1)
}

const LITERAL =
  /^(?:https?:\/\/.*\/)?([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/

/** Outside a Bundle nobody can say where a reference leads. */
function danglingFault(
  { reference: name }: Element,
  target: Element | undefined,
  beside: readonly Element[],
  isWhole: boolean,
): { rule: string; text: string } | undefined {
  if (typeof name !== 'string' || name === '#' || target !== undefined) return undefined
  if (name.startsWith('#')) return { rule: 'ref-1', text: sentences.contained() }
  if (beside.length === 0) return undefined
  return name.startsWith('urn:') || (isWhole && !/^https?:/.test(name))
    ? { rule: 'R4#dangling', text: sentences.dangling() }
    : undefined
}
