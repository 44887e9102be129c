import { must } from '../kernel/must.ts'
import {
  hasReached,
  type InstitutionKind,
  ITEM_CODES,
  type Item,
  namesViewer,
  type Policy,
  type Post,
  type Profession,
  type Purpose,
  type Stage,
} from '../vocabulary/index.ts'
import type { DenyReason, Obligation, WithholdReason } from './deny-reasons.ts'
import { type ConsentRecord, evaluateConsent, evaluateItem } from './evaluate-consent.ts'

/** Everything one decision rests on, as plain data: the hub gathers it, and the holder's gateway its own. */
export interface AccessFacts {
  at: Date
  asking: {
    region: string
    stage: Stage
    institution: { number: string; kind: InstitutionKind; isMember: boolean }
    profession: Profession
    post: Post
    purpose: Purpose
    items: readonly Item[]
    breakGlass: boolean
  }
  holding: {
    region: string
    stage: Stage
    agreement: { items: readonly Item[] } | undefined
    policy: Policy
    consent: ConsentRecord | undefined
    protected: boolean
  }
  /** Whether a visit that counts under the holder's policy is on record; see `visitedBy`. */
  visited: boolean
}

export interface Withheld {
  item: Item
  reason: WithholdReason
}

export type AccessVerdict =
  | { verdict: 'permit'; items: [Item, ...Item[]]; withheld: Withheld[]; obligations: Obligation[] }
  | { verdict: 'deny'; reason: DenyReason; withheld: Withheld[] }

/**
 * Whether one region gives another a person's items, and which. Refusals of the whole come first, then each item
 * by itself; what is left is given. Items stand in the order of ITEM_CODES, however they were asked.
 */
export function decideAccess(facts: AccessFacts): AccessVerdict {
  must(facts.asking.region !== facts.holding.region, 'a region does not ask itself across regions')
  const reason = refusalOf(facts)
  if (reason !== undefined) return { verdict: 'deny', reason, withheld: [] }
  const asked = ITEM_CODES.filter((item) => facts.asking.items.includes(item))
  const withheld = asked.flatMap((item) => {
    const reason = withholdingOf(facts, item)
    return reason === undefined ? [] : [{ item, reason }]
  })
  const [first, ...rest] = asked.filter((item) => !withheld.some((kept) => kept.item === item))
  if (first === undefined) return { verdict: 'deny', reason: 'nothing-permitted', withheld }
  return { verdict: 'permit', items: [first, ...rest], withheld, obligations: obligationsOf(facts) }
}

/** The ladder: first refusal wins (design, "A query's life", step 3). */
function refusalOf(facts: AccessFacts): DenyReason | undefined {
  const { at, asking, holding, visited } = facts
  if (holding.agreement === undefined) return 'no-agreement'
  if (!hasReached(asking.stage, 'asking')) return 'asking-not-started'
  if (!hasReached(holding.stage, 'answering')) return 'answering-not-started'
  if (!asking.institution.isMember) return 'not-a-member'
  if (holding.protected) return 'protected'
  const consent = evaluateConsent(holding.consent, {
    at,
    covers: coverageOf(facts),
    asking: { region: asking.region, institution: asking.institution.number },
    rules: holding.policy,
  })
  if (consent !== 'permitted' && !(consent === 'no-consent' && mayDoWithoutConsent(facts))) return consent
  if (viewable(facts).length === 0) return 'viewer-not-named'
  if (!visited && !asking.breakGlass) return 'unvisited'
  if (asking.breakGlass && !mayBreakGlass(facts)) return 'break-glass-not-permitted'
  if (asking.breakGlass !== (asking.purpose === 'BTG')) return 'purpose-mismatch'
  return undefined
}

/** The ladder for one item, once nothing forbids the whole. */
function withholdingOf(facts: AccessFacts, item: Item): WithholdReason | undefined {
  const { agreement, consent, policy } = facts.holding
  if (!agreement?.items.includes(item)) return 'not-in-agreement'
  const said = consent && evaluateItem(consent, { item, covers: coverageOf(facts) })
  if (said !== undefined && said !== 'permitted') return said
  if (!policy.shared.includes(item)) return 'not-shared'
  if (!viewable(facts).includes(item)) return 'not-viewable'
  return undefined
}

/** Own properties only: a form called `constructor` is not one that the council has read. */
function coverageOf({ holding: { policy, consent } }: AccessFacts) {
  return consent && Object.hasOwn(policy.forms, consent.form) ? policy.forms[consent.form]?.covers : undefined
}

/** What the holder's viewing matrix lets this kind of institution, profession and post see. */
function viewable({ asking, holding }: AccessFacts): Item[] {
  const viewer = viewerOf(asking)
  return holding.policy.viewing.filter((row) => namesViewer(row, viewer)).flatMap((row) => row.items)
}

/** The holder says who may break the glass; it lifts *unvisited* and nothing that a resident said. */
function mayBreakGlass({ asking, holding }: AccessFacts): boolean {
  const viewer = viewerOf(asking)
  return holding.policy.breakGlass.who.some((row) => namesViewer(row, viewer))
}

/**
 * Missing consent only, and only where the holder's policy names that legal ground: an expired consent, or a form
 * that covers less, is something the resident did say.
 */
function mayDoWithoutConsent(facts: AccessFacts): boolean {
  const { asking, holding } = facts
  return asking.breakGlass && mayBreakGlass(facts) && holding.policy.breakGlass.withoutConsent !== null
}

function viewerOf({ institution, profession, post }: AccessFacts['asking']) {
  return { kind: institution.kind, profession, post }
}

function obligationsOf({ asking, holding }: AccessFacts): Obligation[] {
  if (!asking.breakGlass) return []
  const owed: Obligation[] = ['notify-holder', 'report-within-24h']
  return holding.consent === undefined ? [...owed, 'record-legal-ground'] : owed
}
