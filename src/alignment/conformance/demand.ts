import type { Rule } from '../rules/rule.ts'

/** A rule at work, with the name under which a breach of it is reported: `JP_Condition_eCS#code.coding`. */
export interface Demand {
  rule: Rule
  name: string
  /** Elements that must be there. */
  required: readonly { child: string; name: string }[]
  inside: (child: string) => Demand | undefined
  slice: (name: string) => Demand | undefined
}

/** Made once for each rule and kept with it: thousands of records a second ask for the same. */
export function demandOn(rule: Rule, name: string): Demand {
  const children = new Map<string, Demand | undefined>()
  const slices = new Map<string, Demand | undefined>()
  const nameOf = (child: string) => (name.endsWith('#') ? `${name}${child}` : `${name}.${child}`)
  return {
    rule,
    name,
    required: Object.entries(rule.in ?? {}).flatMap(([child, { min }]) =>
      min === undefined ? [] : [{ child, name: nameOf(child) }],
    ),
    inside: (child) => kept(children, child, rule.in, nameOf),
    slice: (slice) => kept(slices, slice, rule.slices, (each) => `${name}:${each}`),
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
