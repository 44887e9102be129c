import type { Rule } from '../rules/rule.ts'
import type { Check } from './check-element.ts'
import type { Demand } from './demand.ts'
import { isBeyondReach, sliceOf } from './match-slice.ts'
import { aboutSlice, sentences } from './sentences.ts'

/** Says where there are more or fewer than a rule has it, of all or of a slice. */
export function countItems(
  { breaches }: Check,
  found: number,
  rule: Rule,
  name: string,
  path: string,
  slice?: Rule,
): void {
  const { min = 0, max = Number.POSITIVE_INFINITY } = rule
  if (found >= min && found <= max) return
  const about = slice === undefined ? '' : aboutSlice(slice)
  if (found > 0 && max === 0) breaches.add(`${name}:max`, path, `${sentences.forbidden()}${about}`)
  else if (found > max) breaches.add(`${name}:max`, path, `${sentences.many(max, found)}${about}`)
  if (found < min) breaches.add(`${name}:min`, path, `${sentences.few(min, found)}${about}`)
}

/** The slice each item belongs to, as a demand on it; counts them, and says what belongs to none where none else may be. */
export function sliceItems(
  check: Check,
  values: readonly unknown[],
  type: string,
  demand: Demand,
  path: string,
): (Demand | undefined)[] {
  const { rule } = demand
  if (values.some((value) => isBeyondReach(value, rule, check))) return []
  const names = values.map((value) => sliceOf({ value, type }, rule, check))
  for (const [slice, own] of demand.countedSlices) {
    let found = 0
    for (const name of names) if (name === slice) found += 1
    countItems(check, found, own.rule, own.name, path, own.rule)
  }
  return names.map((slice, index) => {
    if (slice !== undefined) return demand.slice(slice)
    if (rule.closed) check.breaches.add(`${demand.name}:closed`, `${path}[${index}]`, sentences.closed())
    return undefined
  })
}
