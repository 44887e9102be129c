import { takesPlaceOf } from './check-succession.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import type { EvidenceKind } from './evidence.ts'

/** A consent with what says whether it may take the place of an earlier word. */
export interface DatedConsent extends ConsentRecord {
  receivedAt: Date
  /** Undefined where it was not kept; it then takes no other word's place. */
  evidenceKind: EvidenceKind | undefined
}

/** The newest word under an id that was merged away, and since when that id leads to the one that stands. */
export interface FormerConsent {
  consent: DatedConsent
  mergedAt: Date
}

/**
 * What was said under merged ids and still counts. A merge is made by an office, not by the resident, so it lifts
 * nothing: only a consent under the id that stands does, entered when the ids were one already and after that word,
 * on paper or a verified signature of its day or later. A newer paper from before the merge does not, since whoever
 * entered it saw nothing of the other id; under two numbers of one person an end outranks it too.
 */
export function standingWords(
  own: DatedConsent | undefined,
  formers: readonly FormerConsent[],
): DatedConsent[] {
  return formers.flatMap(({ consent, mergedAt }) => {
    if (own?.status !== 'active') return [consent]
    const isKnowing = own.receivedAt > mergedAt && own.receivedAt > consent.receivedAt
    return isKnowing && takesPlaceOf(consent, own) ? [] : [consent]
  })
}

/** What a resident said, for the ladder. */
export interface Said {
  consent: ConsentRecord | undefined
  /** Where nothing was said under the id that stands: it may refuse, and permits nothing. */
  formerConsent: ConsentRecord | undefined
}

/**
 * Narrows a consent by what still counts under merged ids: an end there ends it, what is refused there is refused, and
 * a death told there counts.
 */
export function narrowedBy(own: ConsentRecord | undefined, formers: readonly ConsentRecord[]): Said {
  if (own !== undefined && own.status !== 'active') return { consent: own, formerConsent: undefined }
  const ended = formers.find(({ status }) => status !== 'active')
  if (ended !== undefined) return { consent: ended, formerConsent: undefined }
  const [latest] = formers.toSorted((a, b) => b.validFrom.getTime() - a.validFrom.getTime())
  const base = own ?? latest
  if (latest === undefined || base === undefined) return { consent: own, formerConsent: undefined }
  const narrowed = withRefusals(base, own === undefined ? formers : [own, ...formers])
  return own === undefined
    ? { consent: undefined, formerConsent: narrowed }
    : { consent: narrowed, formerConsent: undefined }
}

/** The same consent, keeping back what any of these does; the earliest death counts. */
export function withRefusals<T extends ConsentRecord>(consent: T, said: readonly ConsentRecord[]): T {
  const [deceasedOn] = said.flatMap((each) => each.deceasedOn ?? []).sort()
  return {
    ...consent,
    refused: [...new Set(said.flatMap(({ refused }) => refused))],
    refusedInstitutions: [...new Set(said.flatMap(({ refusedInstitutions }) => refusedInstitutions))],
    refusedRegions: [...new Set(said.flatMap(({ refusedRegions }) => refusedRegions))],
    deceasedOn,
  }
}
