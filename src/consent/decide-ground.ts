import { namesViewer, type Policy, WARNING_CODES } from '../vocabulary/index.ts'
import type { AccessFacts } from './decide-access.ts'
import type { DenyReason, Ground } from './deny-reasons.ts'

/** An emergency lasts for one person and one hour (design, "Decisions taken"). */
export const BREAK_GLASS_MS = 3_600_000

/** Two clocks may differ by the skew that tokens are allowed. */
const SKEW_MS = 60_000

export type GroundVerdict = { ground: Ground } | { refused: DenyReason }

/**
 * On what ground an institution views at all: a visit, a first visit, an emergency. Whoever breaks the glass is
 * held to its rules, visited or not, because nobody shall do so by habit.
 */
export function decideGround(facts: AccessFacts): GroundVerdict {
  if (facts.asking.breakGlass !== undefined) return decideEmergency(facts, facts.asking.breakGlass)
  if (facts.visited) return { ground: 'visit' }
  const refused = policiesOf(facts)
    .map((policy) => firstVisitRefusal(facts, policy))
    .find((reason) => reason !== undefined)
  return refused === undefined ? { ground: 'first-visit' } : { refused }
}

function decideEmergency(
  facts: AccessFacts,
  { since, secondFactor, isExact }: NonNullable<AccessFacts['asking']['breakGlass']>,
): GroundVerdict {
  const openFor = facts.at.getTime() - since.getTime()
  const mayBreak = policiesOf(facts).every(({ breakGlass }) => isNamed(facts, breakGlass.who))
  if (!mayBreak) return { refused: 'break-glass-not-permitted' }
  if (!secondFactor) return { refused: 'second-factor-missing' }
  if (!isExact) return { refused: 'not-exactly-one-person' }
  if (openFor > BREAK_GLASS_MS || openFor < -SKEW_MS) return { refused: 'break-glass-expired' }
  return { ground: facts.holding.consent === undefined ? 'emergency-without-consent' : 'emergency' }
}

/**
 * `block`: only whom the council names, on their word that this is a first visit. `warn`: whoever may view at all,
 * once both warnings were acknowledged (guideline §3-4-2 ⑪).
 */
function firstVisitRefusal(facts: AccessFacts, policy: Policy): DenyReason | undefined {
  const { firstVisit } = facts.asking
  if (firstVisit === undefined) return 'unvisited'
  if (policy.unvisited === 'block') {
    return isNamed(facts, policy.firstVisit.who) ? undefined : 'first-visit-not-permitted'
  }
  const isWarned = WARNING_CODES.every((code) => firstVisit.warnings.includes(code))
  return isWarned ? undefined : 'warnings-not-acknowledged'
}

/** The asking council's and the holder's: the stricter wins. */
function policiesOf({ asking, holding }: AccessFacts): Policy[] {
  return asking.policy === undefined ? [holding.policy] : [holding.policy, asking.policy]
}

function isNamed({ asking }: AccessFacts, who: Policy['firstVisit']['who']): boolean {
  return who.some((row) => namesViewer(row, viewerOf(asking)))
}

/** By what policies tell viewers apart. */
export function viewerOf({ institution, profession, post }: AccessFacts['asking']) {
  return { kind: institution.kind, profession, post }
}
