/** How far a field agrees, told without its values. */
export type Agreement = 'equal' | 'variant' | 'different'

const EQUAL = new Set(['equal', 'person', 'room', 'lot'])
const DIFFERENT = new Set(['different', 'differentOfWomen', 'otherBranch'])

/** What is neither equal nor different: another spelling, another precision, the same household. */
export function agreementOf(level: string): Agreement {
  if (EQUAL.has(level)) return 'equal'
  return DIFFERENT.has(level) ? 'different' : 'variant'
}
