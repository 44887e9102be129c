import type { Rule } from '../rules/rule.ts'

/** A rule at work, with the name under which a breach of it is reported: `JP_Condition_eCS#code.coding`. */
export interface Demand {
  rule: Rule
  name: string
  /** Elements that must be there. */
  required: readonly { child: string; name: string }[]
  /** Whether it says how many there are, of all or of a slice. */
  counts: boolean
  /** Slices of which it says how many there are. */
  countedSlices: readonly (readonly [name: string, slice: Demand])[]
  /** Whether it says anything of a value itself, rather than of its parts. */
  asksOfValue: boolean
  inside: (child: string) => Demand | undefined
  slice: (name: string) => Demand | undefined
}

/** What a rule may say of a value itself. */
const OF_VALUE = [
  'fixed',
  'pattern',
  'types',
  'bind',
  'codes',
  'maxLength',
  'targets',
  'profiles',
] as const satisfies readonly (keyof Rule)[]

/** Made once for each rule and kept with it: thousands of records a second ask for the same. */
export function demandOn(rule: Rule, name: string): Demand {
  const children = new Map<string, Demand | undefined>()
  const slices = new Map<string, Demand | undefined>()
  const nameOf = (child: string) => (name.endsWith('#') ? `${name}${child}` : `${name}.${child}`)
  const slice = (each: string) => kept(slices, each, rule.slices, (key) => `${name}:${key}`)
  return {
    rule,
    name,
    counts: rule.min !== undefined || rule.max !== undefined || rule.slices !== undefined,
    countedSlices: Object.entries(rule.slices ?? {}).flatMap(([key, { min, max }]) => {
      const own = min === undefined && max === undefined ? undefined : slice(key)
      return own === undefined ? [] : [[key, own] as const]
    }),
    asksOfValue: OF_VALUE.some((part) => rule[part] !== undefined),
    required: Object.entries(rule.in ?? {}).flatMap(([child, { min }]) =>
      min === undefined ? [] : [{ child, name: nameOf(child) }],
    ),
    inside: (child) => kept(children, child, rule.in, nameOf),
    slice,
  }
}

function kept(
  known: Map<string, Demand | undefined>,
  key: string,
  rules: Record<string, Rule> | undefined,
  nameOf: (key: string) => string,
): Demand | undefined {
  if (rules === undefined) return undefined
  if (known.has(key)) return known.get(key)
  const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
  const demand = rule && demandOn(rule, nameOf(key))
  // Keys are names of R4 and of slices, so there are no more of them than a guide has.
  known.set(key, demand)
  return demand
}
