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
  type Warning,
} from '../vocabulary/index.ts'
import { decideGround, viewerOf } from './decide-ground.ts'
import type { DenyReason, Ground, Obligation, WithholdReason } from './deny-reasons.ts'
import { type ConsentRecord, evaluateConsent, evaluateItem } from './evaluate-consent.ts'
import { addDays, tokyoDate } from './tokyo-time.ts'

/** Everything one decision rests on, as plain data: the hub gathers it, and the holder's gateway its own. */
export interface AccessFacts {
  at: Date
  asking: {
    region: string
    stage: Stage
    /** The asking council's own; undefined at the holder's gateway, which has it from nobody it believes. */
    policy: Policy | undefined
    institution: { number: string; kind: InstitutionKind; isMember: boolean }
    profession: Profession
    post: Post
    purpose: Purpose
    items: readonly Item[]
    /** How the asker named the person. */
    named: 'registration' | 'with-insured-number' | 'name-alone'
    /** That the asker states that the resident agreed to this viewing too. */
    agreed: boolean
    firstVisit: { warnings: readonly Warning[] } | undefined
    breakGlass: BreakGlass | undefined
  }
  holding: {
    region: string
    stage: Stage
    agreement: { items: readonly Item[] } | undefined
    policy: Policy
    consent: ConsentRecord | undefined
    /** What was said under an id that was merged into this one, where nothing was said under this one; see `narrowedBy`. */
    formerConsent: ConsentRecord | undefined
    protected: boolean
    /** The day of death in Japan, YYYY-MM-DD. */
    deceasedOn: string | undefined
    /** Residents of this region already viewed today from others, by this user and by their institution. */
    viewedToday: { byUser: number; byInstitution: number; isAmongThem: boolean }
  }
  /** Whether a visit that counts under the holder's policy is on record; see `visitsOf`. */
  visited: boolean
}

export interface BreakGlass {
  /** When the glass was broken: it stays so for one person and one hour. */
  since: Date
  /** Whether the login was by two factors. */
  secondFactor: boolean
  /** Whether name, sex, birth date and address were all given and one person has them. */
  isExact: boolean
}

export interface Withheld {
  item: Item
  reason: WithholdReason
}

export type AccessVerdict =
  | {
      verdict: 'permit'
      items: [Item, ...Item[]]
      ground: Ground
      withheld: Withheld[]
      obligations: Obligation[]
    }
  | { verdict: 'deny'; reason: DenyReason; withheld: Withheld[] }

/**
 * Whether one region gives another a person's items, and which. Refusals of the whole come first, then each item
 * by itself; what is left is given. Items stand in the order of ITEM_CODES, however they were asked.
 */
export function decideAccess(facts: AccessFacts): AccessVerdict {
  must(facts.asking.region !== facts.holding.region, 'a region does not ask itself across regions')
  const reason = refusalOf(facts)
  if (reason !== undefined) return { verdict: 'deny', reason, withheld: [] }
  const ground = decideGround(facts)
  if ('refused' in ground) return { verdict: 'deny', reason: ground.refused, withheld: [] }
  const covered = viewable(facts)
  const asked = ITEM_CODES.filter((item) => facts.asking.items.includes(item))
  const withheld = asked.flatMap((item) => {
    const reason = withholdingOf(facts, item, covered)
    return reason === undefined ? [] : [{ item, reason }]
  })
  const [first, ...rest] = asked.filter((item) => !withheld.some((kept) => kept.item === item))
  if (first === undefined) return { verdict: 'deny', reason: 'nothing-permitted', withheld }
  return {
    verdict: 'permit',
    items: [first, ...rest],
    ground: ground.ground,
    withheld,
    obligations: obligationsOf(facts),
  }
}

/** The ladder: first refusal wins (design, "A query's life", step 3). The ground of viewing comes after it. */
function refusalOf(facts: AccessFacts): DenyReason | undefined {
  const { asking, holding } = facts
  const isEmergency = asking.breakGlass !== undefined
  if (holding.agreement === undefined) return 'no-agreement'
  if (!hasReached(asking.stage, 'asking')) return 'asking-not-started'
  if (!hasReached(holding.stage, 'answering')) return 'answering-not-started'
  if (!asking.institution.isMember) return 'not-a-member'
  if (holding.protected) return 'protected'
  if (isPastDeath(facts)) return 'deceased'
  const consent = consentRefusal(facts)
  if (consent !== 'permitted' && !(consent === 'no-consent' && mayDoWithoutConsent(facts))) return consent
  if (asksAtQuery(facts) && !asking.agreed && !isEmergency) return 'at-query-consent-missing'
  if (viewable(facts).size === 0) return 'viewer-not-named'
  if (asking.named === 'name-alone' && !mayNameAlone(facts)) return 'search-not-permitted'
  if (isEmergency !== (asking.purpose === 'BTG')) return 'purpose-mismatch'
  // Life before numbers: an emergency is reported and reviewed, so it needs no ceiling.
  if (!isEmergency && isCeilingReached(facts)) return 'ceiling-reached'
  return undefined
}

/** What was said under a merged id may refuse; where it would permit, nobody has consented under this one. */
function consentRefusal(facts: AccessFacts): ReturnType<typeof evaluateConsent> {
  const { at, asking, holding } = facts
  const said = evaluateConsent(wordOf(facts), {
    at,
    covers: coverageOf(facts),
    asking: { region: asking.region, institution: asking.institution.number },
    rules: holding.policy,
  })
  return said === 'permitted' && holding.consent === undefined ? 'no-consent' : said
}

function wordOf({ holding: { consent, formerConsent } }: AccessFacts): ConsentRecord | undefined {
  return consent ?? formerConsent
}

/** The ladder for one item, once nothing forbids the whole. */
function withholdingOf(
  facts: AccessFacts,
  item: Item,
  covered: ReadonlySet<Item>,
): WithholdReason | undefined {
  const { agreement, policy } = facts.holding
  const consent = wordOf(facts)
  if (!agreement?.items.includes(item)) return 'not-in-agreement'
  const said = consent && evaluateItem(consent, { item, covers: coverageOf(facts) })
  if (said !== undefined && said !== 'permitted') return said
  if (!policy.shared.includes(item)) return 'not-shared'
  if (!covered.has(item)) return 'not-viewable'
  return undefined
}

/** Own properties only: a form called `constructor` is not one that the council has read. */
function coverageOf(facts: AccessFacts) {
  const { policy } = facts.holding
  const consent = wordOf(facts)
  return consent && Object.hasOwn(policy.forms, consent.form) ? policy.forms[consent.form]?.covers : undefined
}

/** Viewing from other regions ends so many days after death as the holder's council set. */
function isPastDeath(facts: AccessFacts): boolean {
  const { at, holding } = facts
  const { deceasedOn, policy } = holding
  const told = [deceasedOn, wordOf(facts)?.deceasedOn].filter((day) => day !== undefined)
  return told.some((day) => tokyoDate(at) > addDays(day, policy.deceasedDays))
}

/** Either council may ask for it. */
function asksAtQuery({ asking, holding }: AccessFacts): boolean {
  return holding.policy.atQueryConsent || asking.policy?.atQueryConsent === true
}

/** What the holder's viewing matrix lets this kind of institution, profession and post see. */
function viewable({ asking, holding }: AccessFacts): ReadonlySet<Item> {
  const viewer = viewerOf(asking)
  return new Set(holding.policy.viewing.filter((row) => namesViewer(row, viewer)).flatMap((row) => row.items))
}

/** Both councils must let somebody of that kind find a resident without the insured number. */
function mayNameAlone({ asking, holding }: AccessFacts): boolean {
  const viewer = viewerOf(asking)
  return [holding.policy, asking.policy].every(
    (policy) => policy === undefined || policy.search.nameAlone.some((row) => namesViewer(row, viewer)),
  )
}

/** Whom one has viewed today may be viewed again. */
function isCeilingReached({ holding: { policy, viewedToday } }: AccessFacts): boolean {
  const { perUser, perInstitution } = policy.ceilings
  if (viewedToday.isAmongThem) return false
  return viewedToday.byUser >= perUser || viewedToday.byInstitution >= perInstitution
}

/**
 * Missing consent only, and only where the holder's policy names that legal ground: an expired consent, or a form
 * that covers less, is something the resident did say.
 */
function mayDoWithoutConsent(facts: AccessFacts): boolean {
  const { breakGlass } = facts.holding.policy
  if (facts.asking.breakGlass === undefined || breakGlass.withoutConsent === null) return false
  return !('refused' in decideGround(facts))
}

function obligationsOf({ asking, holding }: AccessFacts): Obligation[] {
  if (asking.breakGlass === undefined) return []
  const owed: Obligation[] = ['notify-holder', 'report-within-24h', 'review-within-5-working-days']
  return holding.consent === undefined ? [...owed, 'record-legal-ground'] : owed
}
