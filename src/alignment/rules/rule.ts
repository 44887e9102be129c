/**
 * What a profile demands of one element beyond R4. Tables of it are data: facts of the published guides, made by
 * make-tables.ts, with the changes of later versions in changes.json.
 */
export interface Rule {
  min?: number
  max?: number
  /** Types allowed, where fewer than in R4. */
  types?: string[]
  /** Profiles of a type or extension that the value must fit as well. */
  profiles?: string[]
  /** Types a reference may lead to, where fewer than in R4. */
  targets?: string[]
  fixed?: unknown
  pattern?: unknown
  /** A value set whose codes alone are allowed. */
  bind?: string
  /** Codes alone allowed, of a code or of every coding. */
  codes?: string[]
  maxLength?: number
  /** Keys of official invariants on the element. */
  invariants?: string[]
  /** How elements of a list are told apart: `value:system`, `profile:resource`; `closed`: no others. */
  by?: string[]
  closed?: true
  slices?: Record<string, Rule>
  in?: Record<string, Rule>
}

/** The rule of an element below, made where there is none yet: `code` › `coding:medisRecordNo` › `system`. */
export function ruleAt(root: Rule, steps: readonly string[]): Rule {
  let rule = root
  for (const step of steps) {
    const [name = '', slice] = step.split(/:(.*)/s)
    rule.in ??= {}
    rule = rule.in[name] ??= {}
    if (slice === undefined) continue
    rule.slices ??= {}
    rule = rule.slices[slice] ??= {}
  }
  return rule
}

export interface ProfileTable {
  [url: string]: { type: string; rule: Rule }
}
