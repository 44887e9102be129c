import type { DenyReason, Ground } from '../consent/index.ts'
import type { Attempt, Release } from './views.ts'

/** One time that somebody asked about the resident, as their own region may tell it. */
export interface Disclosure {
  at: Date
  /** Who asked. */
  region: string
  institution: string
  profession: string
  post: string
  purpose: string
  /** Why the glass was broken. */
  emergency: string | undefined
  ground: Ground | undefined
  /** What was asked for, and what the region was permitted to give. */
  asked: string[]
  given: string[]
  outcome: 'given' | 'nothing-held' | 'not-obtained' | 'denied'
  /** Why not, where the region's own copy of the decision says so. */
  reason: DenyReason | 'withdrawn-meanwhile' | undefined
}

const GIVEN = ['complete', 'partial']
const DENIED = ['denied', 'not-linked']

/**
 * What a region tells a resident: who asked it, and what its own institutions asked others. Of what other regions
 * decided for themselves it knows nothing, and where else somebody is registered is not its to tell.
 */
export function disclosuresOf(
  region: string,
  attempts: readonly Attempt[],
  releases: readonly Release[],
): Disclosure[] {
  return attempts.flatMap((attempt) => {
    const verdict = attempt.verdicts.find((each) => each.region === region)
    const release = releases.find(({ request }) => request === attempt.request)
    if (verdict !== undefined) return [asHolder(attempt, verdict, release, region)]
    return attempt.region === region ? [asAsker(attempt, release)] : []
  })
}

function asHolder(
  attempt: Attempt,
  verdict: Attempt['verdicts'][number],
  release: Release | undefined,
  region: string,
): Disclosure {
  const said = askedBy(attempt)
  if (verdict.verdict === 'deny') {
    return { ...said, ground: undefined, given: [], outcome: 'denied', reason: verdict.reason as DenyReason }
  }
  const source = release?.sources.find((each) => each.region === region)
  const outcome = outcomeOf(source?.state)
  return {
    ...said,
    ground: verdict.ground as Ground | undefined,
    given: outcome === 'given' ? (verdict.items ?? []) : [],
    outcome,
    reason: outcome === 'denied' ? 'withdrawn-meanwhile' : undefined,
  }
}

/** Of what an institution of the own region asked elsewhere: only what came is named. */
function asAsker(attempt: Attempt, release: Release | undefined): Disclosure {
  const given = (release?.sources ?? []).filter(({ state }) => GIVEN.includes(state))
  const permitted = attempt.verdicts.find((each) => each.verdict === 'permit')
  return {
    ...askedBy(attempt),
    ground: permitted?.ground as Ground | undefined,
    given: [...new Set(given.flatMap(({ items = [] }) => items))],
    outcome: given.length > 0 ? 'given' : 'denied',
    reason: undefined,
  }
}

function askedBy({ at, region, institution, profession, post, purpose, breakGlass, items }: Attempt) {
  return { at, region, institution, profession, post, purpose, emergency: breakGlass, asked: items }
}

function outcomeOf(state: string | undefined): Disclosure['outcome'] {
  if (state === undefined) return 'not-obtained'
  if (GIVEN.includes(state)) return 'given'
  if (DENIED.includes(state)) return 'denied'
  return state === 'empty' ? 'nothing-held' : 'not-obtained'
}
